#!/bin/sh
set -e
systemctl disable rsyslog.service || true
rm -f /etc/systemd/system/*.wants/rsyslog.service /etc/systemd/system/syslog.service
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /etc/systemd
cat >/etc/systemd/journald.conf <<'EOF'
[Journal]
ForwardToSyslog = yes
EOF
