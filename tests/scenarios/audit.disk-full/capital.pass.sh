#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
disk_full_action = HALT
EOF
