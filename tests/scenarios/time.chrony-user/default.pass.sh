#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/chrony.service
systemctl enable chrony.service
mkdir -p /etc/chrony
cat >/etc/chrony/chrony.conf <<'EOF'
server a
EOF
rm -f /etc/default/chrony
