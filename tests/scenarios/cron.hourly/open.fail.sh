#!/bin/sh
set -e
mkdir -p /etc/cron.hourly
chown root:root /etc/cron.hourly
chmod 0755 /etc/cron.hourly
