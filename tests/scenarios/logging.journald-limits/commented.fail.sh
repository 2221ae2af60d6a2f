#!/bin/sh
set -e
mkdir -p /etc/systemd
cat >/etc/systemd/journald.conf <<'EOF'
[Journal]
#SystemMaxUse=1G
EOF
