#!/bin/sh
# target: {roles: [database]}
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/apache2.service
systemctl disable apache2.service apache2.socket httpd.service httpd.socket nginx.service lighttpd.service caddy.service || true
systemctl mask apache2.service apache2.socket httpd.service httpd.socket nginx.service lighttpd.service caddy.service
