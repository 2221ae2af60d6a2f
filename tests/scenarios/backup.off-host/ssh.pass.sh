#!/bin/sh
set -e
mkdir -p /etc/cron.d
cat >/etc/cron.d/cadangan <<'X'
0 2 * * * root borg create ssh://b@nas.batu.go.id/./repo::x /srv
X
