#!/bin/sh
# Debian reads /etc/sysctl.conf as 99-sysctl.conf, after the drop-ins.
echo 'net.ipv4.conf.default.accept_redirects = 0' >/etc/sysctl.d/60-auditor.conf
echo 'net.ipv4.conf.default.accept_redirects = 1' >>/etc/sysctl.conf
mkdir -p /proc/sys/net/ipv4/conf/default
echo 0 >/proc/sys/net/ipv4/conf/default/accept_redirects
