#!/bin/sh
set -e
printf x >/usr/bin/dockerd
chmod 755 /usr/bin/dockerd
python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('/run/docker.sock')"
chmod 660 /run/docker.sock
chown www-data /run/docker.sock
