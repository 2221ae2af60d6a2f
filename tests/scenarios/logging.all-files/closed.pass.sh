#!/bin/sh
set -e
find /var/log -type f -exec chmod 0640 {} +
