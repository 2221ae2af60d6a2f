#!/bin/sh
set -e
mkdir -p /etc/cron.d
chown nobody:root /etc/cron.d
chmod 0700 /etc/cron.d
