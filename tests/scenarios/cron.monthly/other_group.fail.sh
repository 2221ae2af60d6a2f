#!/bin/sh
set -e
mkdir -p /etc/cron.monthly
chown root:users /etc/cron.monthly
chmod 0700 /etc/cron.monthly
