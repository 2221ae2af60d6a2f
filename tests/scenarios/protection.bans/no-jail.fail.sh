#!/bin/sh
set -e
rm -rf /etc/fail2ban
mkdir -p /usr/bin
cp /bin/sleep /usr/bin/fail2ban-server
/usr/bin/fail2ban-server 30 >/dev/null 2>&1 &
