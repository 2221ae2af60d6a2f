#!/bin/sh
# the longest folder has the last word
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
<VirtualHost *:80>
  DocumentRoot /var/www/html
<Directory /var/www/html>
Options -Indexes
</Directory>
</VirtualHost>
X
ln -sf ../mods-available/autoindex.load /etc/apache2/mods-enabled/autoindex.load
