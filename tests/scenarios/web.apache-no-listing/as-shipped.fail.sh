#!/bin/sh
# Debian's own file lists /var/www
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
<VirtualHost *:80>
  DocumentRoot /var/www/html
</VirtualHost>
X
ln -sf ../mods-available/autoindex.load /etc/apache2/mods-enabled/autoindex.load
