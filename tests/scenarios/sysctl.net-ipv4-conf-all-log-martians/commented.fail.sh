#!/bin/sh
# A commented line and a wrong one: the comment does not count.
printf '# net.ipv4.conf.all.log_martians = 1\nnet.ipv4.conf.all.log_martians = 0\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4/conf/all
echo 1 >/proc/sys/net/ipv4/conf/all/log_martians
