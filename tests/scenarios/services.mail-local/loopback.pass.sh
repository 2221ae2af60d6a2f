#!/bin/sh
# packages: postfix
set -e
mkdir -p /etc/postfix
printf "inet_interfaces = loopback-only\n" >/etc/postfix/main.cf
