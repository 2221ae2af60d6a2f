#!/bin/sh
set -e
rm -rf /etc/fail2ban
