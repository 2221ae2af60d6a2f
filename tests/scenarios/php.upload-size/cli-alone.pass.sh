#!/bin/sh
# the command line's PHP serves nobody
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
upload_max_filesize = 10M
X
mkdir -p /etc/php/8.2/cli
cat >/etc/php/8.2/cli/php.ini <<'X'
upload_max_filesize = 2G
X
