#!/bin/sh
# packages: ufw
set -e
mkdir -p /etc/default
cat >/etc/default/ufw <<'EOF'
DEFAULT_FORWARD_POLICY="REJECT"
EOF
