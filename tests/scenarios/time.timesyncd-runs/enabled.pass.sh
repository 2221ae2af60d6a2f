#!/bin/sh
set -e
awk -v 'names=systemd-timesyncd' 'BEGIN { RS = ""; ORS = "\n\n"; n = split(names, a, " "); for (i = 1; i <= n; i++) gone[a[i]] = 1 } { if (!($2 in gone)) print }' /var/lib/dpkg/status >/var/lib/dpkg/status.new
mv /var/lib/dpkg/status.new /var/lib/dpkg/status
printf '\nPackage: systemd-timesyncd\nStatus: install ok installed\nPriority: optional\nSection: misc\nInstalled-Size: 1\nMaintainer: nobody <nobody@example.org>\nArchitecture: all\nVersion: 1\nDescription: x\n' >>/var/lib/dpkg/status
systemctl disable chrony.service systemd-timesyncd.service || true
rm -f /etc/systemd/system/*.wants/chrony.service /etc/systemd/system/*.wants/systemd-timesyncd.service
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/systemd-timesyncd.service
systemctl enable systemd-timesyncd.service
