#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
max_log_file_action = keep_logs
EOF
