#!/bin/sh
set -e
mkdir -p /etc/cron.weekly
chown root:users /etc/cron.weekly
chmod 0700 /etc/cron.weekly
