#!/bin/sh
set -e
rm -f /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*
mkdir -p /etc/nginx/conf.d
cat >/etc/nginx/conf.d/x.conf <<'X'
server {
  listen 80;
  root /var/www/html;
  location /phpmyadmin { allow 10.0.0.0/8; deny all; }
}
X
