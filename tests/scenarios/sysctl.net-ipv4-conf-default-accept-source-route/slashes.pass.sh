#!/bin/sh
# Slashes do as well as dots.
rm -f /etc/sysctl.d/*.conf
echo 'net/ipv4/conf/default/accept_source_route=0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/default
echo 0 >/proc/sys/net/ipv4/conf/default/accept_source_route
