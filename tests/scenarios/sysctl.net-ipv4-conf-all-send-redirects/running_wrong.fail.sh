#!/bin/sh
# Right at the next boot, wrong now.
rm -f /etc/sysctl.d/*.conf
echo 'net.ipv4.conf.all.send_redirects = 0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/all
echo 1 >/proc/sys/net/ipv4/conf/all/send_redirects
