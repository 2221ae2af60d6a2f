#!/bin/sh
set -e
systemctl disable rsyslog.service || true
rm -f /etc/systemd/system/*.wants/rsyslog.service /etc/systemd/system/syslog.service
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
ForwardToSyslog=no
EOF
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/70-b.conf <<'EOF'
[Journal]
ForwardToSyslog=yes
EOF
