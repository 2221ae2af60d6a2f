#!/bin/sh
set -e
printf x >/usr/bin/mongod
chmod 755 /usr/bin/mongod
mkdir -p /etc
cat >/etc/mongod.conf <<'X'
net:
  bindIp: 127.0.0.1,0.0.0.0
X
