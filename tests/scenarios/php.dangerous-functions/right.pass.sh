#!/bin/sh
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
disable_functions = exec,passthru,shell_exec,system,proc_open,popen
X
