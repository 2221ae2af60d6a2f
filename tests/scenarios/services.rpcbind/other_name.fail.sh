#!/bin/sh
# Another unit of the same service is enabled.
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Socket]\nListenStream=/run/x.sock\n[Install]\nWantedBy=multi-user.target\n' >/usr/lib/systemd/system/rpcbind.socket
systemctl enable rpcbind.socket
