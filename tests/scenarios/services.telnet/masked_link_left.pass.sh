#!/bin/sh
# A mask is stronger than the link that an administrator made before.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Socket]\nListenStream=/run/x.sock\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/telnet.socket
systemctl enable telnet.socket
for u in telnet.socket telnetd.service inetutils-telnetd.service; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
