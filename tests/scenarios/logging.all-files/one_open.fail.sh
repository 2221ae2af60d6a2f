#!/bin/sh
set -e
find /var/log -type f -exec chmod 0640 {} +
mkdir -p /var/log/app
printf x >/var/log/app/a.log
chmod 0644 /var/log/app/a.log
