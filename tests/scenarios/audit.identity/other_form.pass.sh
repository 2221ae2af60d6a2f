#!/bin/sh
# The same rules written in their other form.
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
-a exit,always -F path=/etc/group -F perm=wra
-a exit,always -F path=/etc/passwd -F perm=wra
-a exit,always -F path=/etc/gshadow -F perm=wra
-a exit,always -F path=/etc/shadow -F perm=wra
-a exit,always -F path=/etc/security/opasswd -F perm=wra
-a exit,always -F path=/etc/nsswitch.conf -F perm=wra
-a exit,always -F path=/etc/pam.conf -F perm=wra
-a exit,always -F dir=/etc/pam.d -F perm=wra
EOF
