#!/bin/sh
set -e
mkdir -p /backup
printf x >/backup/a.tgz
chmod 700 /backup
mkdir -p /etc/cron.d
cat >/etc/cron.d/cadangan <<'X'
0 2 * * * root tar -czf /backup/a.tgz /srv
X
