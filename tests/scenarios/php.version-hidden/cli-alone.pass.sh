#!/bin/sh
# the command line's PHP serves nobody
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
expose_php = Off
X
mkdir -p /etc/php/8.2/cli
cat >/etc/php/8.2/cli/php.ini <<'X'
expose_php = On
X
