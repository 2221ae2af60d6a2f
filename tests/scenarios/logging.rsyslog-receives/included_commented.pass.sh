#!/bin/sh
set -e
mkdir -p /tmp/conf
printf '#input(type="imtcp" port="514")\n' >/tmp/conf/a.conf
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
include(file="/tmp/conf/a.conf")
include(file="/tmp/conf/none.conf")
EOF
