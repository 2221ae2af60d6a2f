#!/bin/sh
set -e
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /etc/systemd
cat >/etc/systemd/journald.conf <<'EOF'
[Journal]
Compress=no
EOF
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
Compress=yes
EOF
