#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
space_left_action = EMAIL
EOF
