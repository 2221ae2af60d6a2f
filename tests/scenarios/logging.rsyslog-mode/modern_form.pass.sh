#!/bin/sh
set -e
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
module(load="builtin:omfile" fileCreateMode="0640")
EOF
