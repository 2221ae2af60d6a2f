#!/bin/sh
# A mask is stronger than the link that an administrator made before.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Socket]\nListenStream=/run/x.sock\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/rsh.socket
systemctl enable rsh.socket
for u in rsh.socket rlogin.socket rexec.socket; do rm -f /etc/systemd/system/$u; ln -s /dev/null /etc/systemd/system/$u; done
