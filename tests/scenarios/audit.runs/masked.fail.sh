#!/bin/sh
# packages: auditd
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/auditd.service
systemctl enable auditd.service
ln -sf /dev/null /etc/systemd/system/auditd.service
