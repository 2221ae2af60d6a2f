#!/bin/sh
set -e
rm -f /usr/sbin/auditd /usr/bin/fail2ban-server
mkdir -p /usr/sbin
cp /bin/sleep /usr/sbin/clamd
/usr/sbin/clamd 30 >/dev/null 2>&1 &
