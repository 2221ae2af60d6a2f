#!/bin/sh
# packages: ufw
set -e
mkdir -p /etc/default
cat >/etc/default/ufw <<'EOF'
IPV6=no
EOF
