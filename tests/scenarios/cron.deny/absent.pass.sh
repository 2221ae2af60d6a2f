#!/bin/sh
# packages: cron
set -e
rm -f /etc/cron.deny
