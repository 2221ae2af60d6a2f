#!/bin/sh
# An empty file of the same name takes a shipped one out of force.
mkdir -p /usr/lib/sysctl.d
echo 'kernel.kptr_restrict = 0' >/usr/lib/sysctl.d/95-vendor.conf
ln -s /dev/null /etc/sysctl.d/95-vendor.conf
echo 'kernel.kptr_restrict = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 1 >/proc/sys/kernel/kptr_restrict
