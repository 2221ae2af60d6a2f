#!/bin/sh
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
<VirtualHost *:80>
  DocumentRoot /var/www/html
<Directory /var/www/html/unduhan>
Options +Indexes
</Directory>
</VirtualHost>
X
sed -i 's/Options Indexes FollowSymLinks/Options FollowSymLinks/' /etc/apache2/apache2.conf
ln -sf ../mods-available/autoindex.load /etc/apache2/mods-enabled/autoindex.load
