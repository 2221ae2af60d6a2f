#!/bin/sh
# the command line's PHP serves nobody
set -e
mkdir -p /etc/php/8.2/fpm
cat >/etc/php/8.2/fpm/php.ini <<'X'
[PHP]
disable_functions = exec,passthru,shell_exec,system,proc_open,popen
X
mkdir -p /etc/php/8.2/cli
cat >/etc/php/8.2/cli/php.ini <<'X'
disable_functions = exec,system
X
