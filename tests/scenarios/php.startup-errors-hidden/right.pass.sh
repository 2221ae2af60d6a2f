#!/bin/sh
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
display_startup_errors = Off
X
