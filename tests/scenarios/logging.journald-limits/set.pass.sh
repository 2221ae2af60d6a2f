#!/bin/sh
set -e
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
SystemMaxUse=1G
EOF
