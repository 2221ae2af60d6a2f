#!/bin/sh
# packages: aide
set -e
mkdir -p /var/lib/aide
: >/var/lib/aide/aide.db
