#!/bin/sh
# A mask is stronger than the link that an administrator made before.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/slapd.service
systemctl enable slapd.service
for u in slapd.service; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
