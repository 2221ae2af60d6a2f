#!/bin/sh
# Another unit of the same service is enabled.
# target: {roles: [database]}
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/caddy.service
systemctl enable caddy.service
