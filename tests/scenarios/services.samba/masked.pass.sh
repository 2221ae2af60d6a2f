#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/smbd.service
systemctl disable smbd.service smb.service nmbd.service samba-ad-dc.service || true
systemctl mask smbd.service smb.service nmbd.service samba-ad-dc.service
