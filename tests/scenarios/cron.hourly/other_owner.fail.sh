#!/bin/sh
set -e
mkdir -p /etc/cron.hourly
chown nobody:root /etc/cron.hourly
chmod 0700 /etc/cron.hourly
