#!/bin/sh
set -e
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
module(load="imtcp")
input(type="imtcp" port="514")
EOF
