#!/bin/sh
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
X
mkdir -p /etc/php/8.2/fpm/pool.d
cat >/etc/php/8.2/fpm/pool.d/a.conf <<'X'
[a]
php_admin_value[open_basedir] = /srv/www/a:/tmp
X
