#!/bin/sh
set -e
mkdir -p /etc/cron.d
chown root:root /etc/cron.d
chmod 0755 /etc/cron.d
