#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/1.rules <<'EOF'
## -a task,never
EOF
