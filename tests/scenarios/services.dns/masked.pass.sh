#!/bin/sh
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/named.service
systemctl disable named.service bind9.service unbound.service pdns.service || true
systemctl mask named.service bind9.service unbound.service pdns.service
