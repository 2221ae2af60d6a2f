#!/bin/sh
set -e
rm -f /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/*
mkdir -p /etc/apache2/conf-enabled
cat >/etc/apache2/conf-enabled/zz.conf <<'X'
LoadModule dav_module x.so
LoadModule dav_fs_module x.so
<Location /dav>
Dav On
</Location>
X
