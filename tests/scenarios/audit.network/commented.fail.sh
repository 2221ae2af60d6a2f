#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
#-a always,exit -F arch=b64 -S sethostname,setdomainname -k net
#-a always,exit -F arch=b32 -S sethostname,setdomainname -k net
#-w /etc/issue -p wa -k w
#-w /etc/issue.net -p wa -k w
#-w /etc/hosts -p wa -k w
#-w /etc/networks -p wa -k w
#-w /etc/network -p wa -k w
EOF
