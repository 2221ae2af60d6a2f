#!/bin/sh
set -e
mkdir -p /var/lib/clamav
printf x >/var/lib/clamav/daily.cld
