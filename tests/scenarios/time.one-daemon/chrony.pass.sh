#!/bin/sh
set -e
systemctl disable chrony.service systemd-timesyncd.service || true
rm -f /etc/systemd/system/*.wants/chrony.service /etc/systemd/system/*.wants/systemd-timesyncd.service
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/chrony.service
systemctl enable chrony.service
