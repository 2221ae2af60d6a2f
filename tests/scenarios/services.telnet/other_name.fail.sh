#!/bin/sh
# Another unit of the same service is enabled.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/inetutils-telnetd.service
systemctl enable inetutils-telnetd.service
