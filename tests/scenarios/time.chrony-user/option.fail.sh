#!/bin/sh
# An option of the command is stronger than the file.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/chrony.service
systemctl enable chrony.service
mkdir -p /etc/chrony
cat >/etc/chrony/chrony.conf <<'EOF'
user _chrony
EOF
mkdir -p /etc/default
cat >/etc/default/chrony <<'EOF'
DAEMON_OPTS="-F 1 -u root"
EOF
