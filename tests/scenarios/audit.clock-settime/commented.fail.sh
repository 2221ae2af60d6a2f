#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
#-a always,exit -F arch=b64 -S clock_settime -F a0=0x0 -k time
#-a always,exit -F arch=b32 -S clock_settime -F a0=0x0 -k time
EOF
