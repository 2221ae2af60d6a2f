#!/bin/sh
set -e
printf x >/usr/bin/memcached
chmod 755 /usr/bin/memcached
mkdir -p /etc
cat >/etc/memcached.conf <<'X'
-m 64
X
