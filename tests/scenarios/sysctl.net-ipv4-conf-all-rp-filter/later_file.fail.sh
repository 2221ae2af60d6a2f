#!/bin/sh
# A file that sorts later undoes the good one.
echo 'net.ipv4.conf.all.rp_filter = 1' >/etc/sysctl.d/10-good.conf
echo 'net.ipv4.conf.all.rp_filter = 0' >/etc/sysctl.d/90-app.conf
mkdir -p /proc/sys/net/ipv4/conf/all
echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter
