#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
-w /etc/group -p wa -k w
-w /etc/passwd -p wa -k w
-w /etc/gshadow -p wa -k w
-w /etc/shadow -p wa -k w
-w /etc/security/opasswd -p wa -k w
-w /etc/nsswitch.conf -p wa -k w
-w /etc/pam.conf -p wa -k w
EOF
