#!/bin/sh
# ALTER SYSTEM has the last word
set -e
mkdir -p /etc/postgresql/15/main
cat >/etc/postgresql/15/main/postgresql.conf <<'X'
data_directory = '/var/lib/postgresql/15/main'
listen_addresses = 'localhost'
X
mkdir -p /var/lib/postgresql/15/main
cat >/var/lib/postgresql/15/main/postgresql.auto.conf <<'X'
listen_addresses = '*'
X
