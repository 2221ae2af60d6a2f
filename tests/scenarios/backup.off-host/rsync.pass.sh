#!/bin/sh
set -e
mkdir -p /etc/cron.d
cat >/etc/cron.d/cadangan <<'X'
0 2 * * * root rsync -a /srv/ b@nas.batu.go.id:/vol/
X
