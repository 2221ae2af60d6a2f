#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/rsyslog.service
systemctl enable rsyslog.service
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /etc/systemd
cat >/etc/systemd/journald.conf <<'EOF'
[Journal]
ForwardToSyslog=yes
EOF
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
ForwardToSyslog=no
EOF
