#!/bin/sh
set -e
rm -rf /etc/rsyslog.d
mkdir -p /etc
cat >/etc/rsyslog.conf <<'EOF'
$filecreatemode 0640
EOF
