#!/bin/sh
# A mask is stronger than the link that an administrator made before.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/tftpd-hpa.service
systemctl enable tftpd-hpa.service
for u in tftpd-hpa.service tftp.service tftp.socket atftpd.service; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
