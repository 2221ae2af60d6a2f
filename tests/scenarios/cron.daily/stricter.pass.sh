#!/bin/sh
set -e
mkdir -p /etc/cron.daily
chown root:root /etc/cron.daily
chmod 0500 /etc/cron.daily
