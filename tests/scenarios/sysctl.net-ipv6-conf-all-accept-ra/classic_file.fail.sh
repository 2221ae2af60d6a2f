#!/bin/sh
# Debian reads /etc/sysctl.conf as 99-sysctl.conf, after the drop-ins.
echo 'net.ipv6.conf.all.accept_ra = 0' >/etc/sysctl.d/60-auditor.conf
echo 'net.ipv6.conf.all.accept_ra = 1' >>/etc/sysctl.conf
mkdir -p /proc/sys/net/ipv6/conf/all
echo 0 >/proc/sys/net/ipv6/conf/all/accept_ra
