#!/bin/sh
set -e
rm -f /usr/bin/redis-server /usr/bin/mongod /usr/bin/memcached
