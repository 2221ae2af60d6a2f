#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/99-z.rules <<'EOF'
#-e 2
EOF
