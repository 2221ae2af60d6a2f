#!/bin/sh
# a zone that no location uses limits nothing
set -e
rm -f /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*
mkdir -p /etc/nginx/conf.d
cat >/etc/nginx/conf.d/x.conf <<'X'
limit_req_zone $binary_remote_addr zone=a:1m rate=5r/s;
server {
  listen 80;
  root /var/www/html;
}
X
