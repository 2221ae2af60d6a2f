#!/bin/sh
# A commented line and a wrong one: the comment does not count.
printf '# net.ipv4.conf.default.secure_redirects = 0\nnet.ipv4.conf.default.secure_redirects = 1\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/default
echo 0 >/proc/sys/net/ipv4/conf/default/secure_redirects
