#!/bin/sh
# params: {always: true}
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/rsyslog.service
systemctl enable rsyslog.service
awk -v 'names=systemd-journal-remote' 'BEGIN { RS = ""; ORS = "\n\n"; n = split(names, a, " "); for (i = 1; i <= n; i++) gone[a[i]] = 1 } { if (!($2 in gone)) print }' /var/lib/dpkg/status >/var/lib/dpkg/status.new
mv /var/lib/dpkg/status.new /var/lib/dpkg/status
