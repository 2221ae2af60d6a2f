#!/bin/sh
# Written in a drop-in, and in force.
rm -f /etc/sysctl.d/*.conf
echo 'kernel.sysrq = 0' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 0 >/proc/sys/kernel/sysrq
