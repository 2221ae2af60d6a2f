#!/bin/sh
set -e
mkdir -p /etc/cron.weekly
chown root:root /etc/cron.weekly
chmod 0700 /etc/cron.weekly
