#!/bin/sh
# packages: postfix
set -e
mkdir -p /etc/postfix
printf "inet_interfaces = all\ninet_interfaces = localhost\n" >/etc/postfix/main.cf
