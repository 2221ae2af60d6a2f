#!/bin/sh
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
Alias /phpmyadmin /usr/share/phpmyadmin
<Directory /usr/share/phpmyadmin>
Options SymLinksIfOwnerMatch
</Directory>
X
