#!/bin/sh
# a site has its own word
set -e
rm -f /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*
mkdir -p /etc/nginx/conf.d
cat >/etc/nginx/conf.d/x.conf <<'X'
server_tokens off;
server {
  listen 80;
  root /var/www/html;
  server_tokens on;
}
X
