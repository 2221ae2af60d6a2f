#!/bin/sh
# A file that sorts later undoes the good one.
echo 'net.ipv4.icmp_echo_ignore_broadcasts = 1' >/etc/sysctl.d/10-good.conf
echo 'net.ipv4.icmp_echo_ignore_broadcasts = 0' >/etc/sysctl.d/90-app.conf
mkdir -p /proc/sys/net/ipv4
echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts
