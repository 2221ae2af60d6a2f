#!/bin/sh
# The last line of a file counts.
rm -f /usr/lib/sysctl.d/*.conf
printf 'net.ipv4.tcp_syncookies = 1\nnet.ipv4.tcp_syncookies=0\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4
echo 1 >/proc/sys/net/ipv4/tcp_syncookies
