#!/bin/sh
# Written in a drop-in, and in force.
rm -f /etc/sysctl.d/*.conf
echo 'net.ipv6.conf.default.accept_redirects = 0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv6/conf/default
echo 0 >/proc/sys/net/ipv6/conf/default/accept_redirects
