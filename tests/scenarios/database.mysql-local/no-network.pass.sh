#!/bin/sh
set -e
rm -rf /etc/mysql/conf.d/* /etc/mysql/mariadb.conf.d/*
mkdir -p /etc/mysql/mariadb.conf.d
cat >/etc/mysql/mariadb.conf.d/99-x.cnf <<'X'
[mariadb]
skip-networking
X
