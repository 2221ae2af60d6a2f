#!/bin/sh
# the command line's PHP serves nobody
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
session.cookie_secure = 1
X
mkdir -p /etc/php/8.2/cli
cat >/etc/php/8.2/cli/php.ini <<'X'
session.cookie_secure = 0
X
