#!/bin/sh
# Right at the next boot, wrong now.
rm -f /etc/sysctl.d/*.conf
echo 'net.ipv4.icmp_ignore_bogus_error_responses = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4
echo 0 >/proc/sys/net/ipv4/icmp_ignore_bogus_error_responses
