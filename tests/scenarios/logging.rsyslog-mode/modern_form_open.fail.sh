#!/bin/sh
set -e
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
module(load="builtin:omfile" FileCreateMode="0644")
EOF
