#!/bin/sh
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
LoadModule evasive20_module /usr/lib/apache2/modules/mod_evasive20.so
X
