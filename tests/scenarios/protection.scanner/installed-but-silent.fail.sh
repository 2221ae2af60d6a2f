#!/bin/sh
set -e
printf x >/usr/sbin/clamd
chmod 755 /usr/sbin/clamd
