#!/bin/sh
# a pool adds to what php.ini forbids
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
disable_functions = exec,passthru,shell_exec
X
mkdir -p /etc/php/8.2/fpm/pool.d
cat >/etc/php/8.2/fpm/pool.d/www.conf <<'X'
[www]
php_admin_value[disable_functions] = system,proc_open,popen
X
