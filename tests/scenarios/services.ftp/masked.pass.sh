#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/vsftpd.service
systemctl disable vsftpd.service proftpd.service pure-ftpd.service || true
systemctl mask vsftpd.service proftpd.service pure-ftpd.service
