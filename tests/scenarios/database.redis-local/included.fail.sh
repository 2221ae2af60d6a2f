#!/bin/sh
# an include has the last word
set -e
printf x >/usr/bin/redis-server
chmod 755 /usr/bin/redis-server
mkdir -p /etc/redis
cat >/etc/redis/redis.conf <<'X'
bind 127.0.0.1
include /etc/redis/x.conf
X
mkdir -p /etc/redis
cat >/etc/redis/x.conf <<'X'
bind 0.0.0.0
X
