#!/bin/sh
set -e
mkdir -p /etc/php/8.3/fpm
cat >/etc/php/8.3/fpm/php.ini <<'X'
[PHP]
X
