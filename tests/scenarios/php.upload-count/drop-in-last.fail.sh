#!/bin/sh
# conf.d has the last word
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
max_file_uploads = 20
X
mkdir -p /etc/php/8.2/fpm/conf.d
cat >/etc/php/8.2/fpm/conf.d/90-x.ini <<'X'
max_file_uploads = 500
X
