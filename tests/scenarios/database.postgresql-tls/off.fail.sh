#!/bin/sh
set -e
mkdir -p /etc/postgresql/15/main
cat >/etc/postgresql/15/main/postgresql.conf <<'X'
data_directory = '/var/lib/postgresql/15/main'
listen_addresses = '*'
ssl = off
X
mkdir -p /etc/postgresql/15/main
cat >/etc/postgresql/15/main/pg_hba.conf <<'X'
local all all peer
host all all 127.0.0.1/32 scram-sha-256
X
