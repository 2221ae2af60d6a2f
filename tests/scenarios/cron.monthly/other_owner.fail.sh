#!/bin/sh
set -e
mkdir -p /etc/cron.monthly
chown nobody:root /etc/cron.monthly
chmod 0700 /etc/cron.monthly
