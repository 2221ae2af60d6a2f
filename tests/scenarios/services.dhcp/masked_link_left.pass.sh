#!/bin/sh
# A mask is stronger than the link that an administrator made before.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/isc-dhcp-server.service
systemctl enable isc-dhcp-server.service
for u in isc-dhcp-server.service isc-dhcp-server6.service kea-dhcp4-server.service kea-dhcp6-server.service dhcpd.service dhcpd6.service; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
