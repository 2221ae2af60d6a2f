#!/bin/sh
set -e
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
module(
  load="imudp"
)
input(
  type="imudp"
  port="514"
)
EOF
