#!/bin/sh
# packages: postfix
set -e
mkdir -p /etc/postfix
printf "inet_interfaces = all\n" >/etc/postfix/main.cf
