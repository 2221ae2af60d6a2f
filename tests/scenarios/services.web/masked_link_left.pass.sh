#!/bin/sh
# A mask is stronger than the link that an administrator made before.
# target: {roles: [database]}
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/apache2.service
systemctl enable apache2.service
for u in apache2.service apache2.socket httpd.service httpd.socket nginx.service lighttpd.service caddy.service; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
