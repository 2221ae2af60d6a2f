#!/bin/sh
set -e
printf '5 4 * * * root curl -fsS https://status.example/ping >/dev/null\n' >/etc/cron.d/a
