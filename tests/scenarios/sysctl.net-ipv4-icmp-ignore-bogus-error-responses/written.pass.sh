#!/bin/sh
# Written in a drop-in, and in force.
rm -f /etc/sysctl.d/*.conf
echo 'net.ipv4.icmp_ignore_bogus_error_responses = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/net/ipv4
echo 1 >/proc/sys/net/ipv4/icmp_ignore_bogus_error_responses
