#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
admin_space_left_action = single
admin_space_left_action = email
EOF
