#!/bin/sh
set -e
mkdir -p /etc/cron.weekly
chown root:root /etc/cron.weekly
chmod 0500 /etc/cron.weekly
