#!/bin/sh
# conf.d has the last word
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
session.gc_maxlifetime = 3600
X
mkdir -p /etc/php/8.2/fpm/conf.d
cat >/etc/php/8.2/fpm/conf.d/90-x.ini <<'X'
session.gc_maxlifetime = 86400
X
