#!/bin/sh
# An empty file of the same name takes a shipped one out of force.
mkdir -p /usr/lib/sysctl.d
echo 'net.ipv6.conf.all.accept_source_route = 1' >/usr/lib/sysctl.d/95-vendor.conf
ln -s /dev/null /etc/sysctl.d/95-vendor.conf
echo 'net.ipv6.conf.all.accept_source_route = 0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv6/conf/all
echo 0 >/proc/sys/net/ipv6/conf/all/accept_source_route
