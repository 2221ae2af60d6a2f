#!/bin/sh
set -e
printf x >/usr/bin/dockerd
chmod 755 /usr/bin/dockerd
mkdir -p /etc/docker
cat >/etc/docker/daemon.json <<'X'
{"insecure-registries": ["10.0.0.5:5000"]}
X
