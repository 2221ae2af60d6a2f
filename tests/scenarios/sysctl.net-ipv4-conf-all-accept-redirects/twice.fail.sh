#!/bin/sh
# The last line of a file counts.
rm -f /usr/lib/sysctl.d/*.conf
printf 'net.ipv4.conf.all.accept_redirects = 0\nnet.ipv4.conf.all.accept_redirects=1\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/all
echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects
