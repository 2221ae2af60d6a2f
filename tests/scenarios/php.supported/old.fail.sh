#!/bin/sh
set -e
mkdir -p /etc/php/7.4/fpm
cat >/etc/php/7.4/fpm/php.ini <<'X'
[PHP]
X
