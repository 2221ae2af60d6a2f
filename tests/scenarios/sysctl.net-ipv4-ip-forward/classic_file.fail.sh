#!/bin/sh
# Debian reads /etc/sysctl.conf as 99-sysctl.conf, after the drop-ins.
echo 'net.ipv4.ip_forward = 0' >/etc/sysctl.d/60-auditor.conf
echo 'net.ipv4.ip_forward = 1' >>/etc/sysctl.conf
mkdir -p /proc/sys/net/ipv4
echo 0 >/proc/sys/net/ipv4/ip_forward
