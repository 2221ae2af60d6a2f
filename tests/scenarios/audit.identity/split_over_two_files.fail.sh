#!/bin/sh
# Where rules.d holds rules, audit.rules is written anew.
# packages: auditd
# params: {paths: [/etc/group, /etc/passwd]}
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
-w /etc/group -p wa
EOF
mkdir -p /etc/audit
cat >/etc/audit/audit.rules <<'EOF'
-w /etc/passwd -p wa
EOF
