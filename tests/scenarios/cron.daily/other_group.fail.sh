#!/bin/sh
set -e
mkdir -p /etc/cron.daily
chown root:users /etc/cron.daily
chmod 0700 /etc/cron.daily
