#!/bin/sh
set -e
mkdir -p /etc/postgresql/15/main
cat >/etc/postgresql/15/main/postgresql.conf <<'X'
data_directory = '/var/lib/postgresql/15/main'
X
mkdir -p /etc/postgresql/15/main
cat >/etc/postgresql/15/main/pg_hba.conf <<'X'
host all all 10.0.0.0/8 scram-sha-256
X
