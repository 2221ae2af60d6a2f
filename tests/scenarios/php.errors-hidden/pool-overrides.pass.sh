#!/bin/sh
# a pool has the last word
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
display_errors = On
X
mkdir -p /etc/php/8.2/fpm/pool.d
cat >/etc/php/8.2/fpm/pool.d/www.conf <<'X'
[www]
user = www-data
php_admin_flag[display_errors] = off
X
