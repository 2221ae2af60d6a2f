#!/bin/sh
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
X
mkdir -p /etc/php/5.6/apache2
cat >/etc/php/5.6/apache2/php.ini <<'X'
[PHP]
X
