#!/bin/sh
set -e
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /etc/systemd
cat >/etc/systemd/journald.conf <<'EOF'
[Journal]
Storage = volatile
EOF
