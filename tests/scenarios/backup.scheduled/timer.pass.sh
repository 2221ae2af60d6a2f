#!/bin/sh
set -e
mkdir -p /etc/systemd/system
cat >/etc/systemd/system/cadangan.service <<'X'
[Service]
ExecStart=/usr/bin/borg create /backup/repo::x /srv
X
mkdir -p /etc/systemd/system
cat >/etc/systemd/system/cadangan.timer <<'X'
[Timer]
OnCalendar=daily
X
mkdir -p /etc/systemd/system/timers.target.wants
ln -s ../cadangan.timer /etc/systemd/system/timers.target.wants/cadangan.timer
