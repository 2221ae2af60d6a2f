#!/bin/sh
# A commented line and a wrong one: the comment does not count.
printf '# net.ipv4.icmp_ignore_bogus_error_responses = 1\nnet.ipv4.icmp_ignore_bogus_error_responses = 0\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4
echo 1 >/proc/sys/net/ipv4/icmp_ignore_bogus_error_responses
