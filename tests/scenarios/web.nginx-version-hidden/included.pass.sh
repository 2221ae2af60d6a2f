#!/bin/sh
# includes are followed
set -e
rm -f /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*
mkdir -p /etc/nginx/conf.d
cat >/etc/nginx/conf.d/x.conf <<'X'
server {
  listen 80;
  root /var/www/html;
  include snippets/quiet.conf;
}
X
mkdir -p /etc/nginx/snippets
cat >/etc/nginx/snippets/quiet.conf <<'X'
server_tokens off;
X
