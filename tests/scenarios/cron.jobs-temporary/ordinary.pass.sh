#!/bin/sh
set -e
printf '* * * * * root /usr/bin/true\n' >/etc/cron.d/a
