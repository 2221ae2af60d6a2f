#!/bin/sh
# Written in a drop-in, and in force.
rm -f /etc/sysctl.d/*.conf
echo 'net.ipv4.conf.all.accept_source_route = 0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/all
echo 0 >/proc/sys/net/ipv4/conf/all/accept_source_route
