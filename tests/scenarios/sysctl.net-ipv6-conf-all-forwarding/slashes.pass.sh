#!/bin/sh
# Slashes do as well as dots.
rm -f /etc/sysctl.d/*.conf
echo 'net/ipv6/conf/all/forwarding=0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv6/conf/all
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
