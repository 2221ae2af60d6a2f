#!/bin/sh
set -e
mkdir -p /etc/cron.hourly
chown root:users /etc/cron.hourly
chmod 0700 /etc/cron.hourly
