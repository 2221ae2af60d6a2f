#!/bin/sh
set -e
mkdir -p /etc/cron.monthly
chown root:root /etc/cron.monthly
chmod 0500 /etc/cron.monthly
