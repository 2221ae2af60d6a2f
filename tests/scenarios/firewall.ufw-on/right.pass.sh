#!/bin/sh
# packages: ufw
set -e
mkdir -p /etc/ufw
cat >/etc/ufw/ufw.conf <<'EOF'
ENABLED=yes
EOF
