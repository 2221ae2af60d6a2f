#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
#action_mail_acct = nobody
EOF
