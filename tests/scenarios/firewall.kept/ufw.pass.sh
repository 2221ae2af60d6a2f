#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/ufw.service
systemctl enable ufw.service
mkdir -p /etc/ufw
cat >/etc/ufw/ufw.conf <<'EOF'
ENABLED=yes
EOF
mkdir -p /etc/default
cat >/etc/default/ufw <<'EOF'
IPV6=yes
DEFAULT_INPUT_POLICY="DROP"
EOF
