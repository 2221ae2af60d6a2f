#!/bin/sh
set -e
mkdir -p /etc/cron.daily
chown root:root /etc/cron.daily
chmod 0700 /etc/cron.daily
