#!/bin/sh
set -e
printf '#* * * * * root /tmp/x\n' >/etc/cron.d/a
