#!/bin/sh
# conf.d has the last word
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
session.use_strict_mode = 1
X
mkdir -p /etc/php/8.2/fpm/conf.d
cat >/etc/php/8.2/fpm/conf.d/90-x.ini <<'X'
session.use_strict_mode = 0
X
