#!/bin/sh
set -e
mkdir -p /tmp/conf
printf '$ModLoad imtcp\n$InputTCPServerRun 5000\n' >/tmp/conf/a.conf
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
$IncludeConfig /tmp/conf/a.conf
EOF
