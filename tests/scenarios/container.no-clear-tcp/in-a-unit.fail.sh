#!/bin/sh
set -e
printf x >/usr/bin/dockerd
chmod 755 /usr/bin/dockerd
mkdir -p /etc/systemd/system/docker.service.d
cat >/etc/systemd/system/docker.service.d/x.conf <<'X'
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375
X
