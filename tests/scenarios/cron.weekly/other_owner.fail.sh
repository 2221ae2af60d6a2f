#!/bin/sh
set -e
mkdir -p /etc/cron.weekly
chown nobody:root /etc/cron.weekly
chmod 0700 /etc/cron.weekly
