#!/bin/sh
set -e
printf x >/usr/bin/dockerd
chmod 755 /usr/bin/dockerd
mkdir -p /etc/docker
cat >/etc/docker/daemon.json <<'X'
{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}
X
