#!/bin/sh
# packages: auditd
# params: {explicit: true}
set -e
mkdir -p /etc/audit
cat >/etc/audit/auditd.conf <<'EOF'
local_events = yes
EOF
