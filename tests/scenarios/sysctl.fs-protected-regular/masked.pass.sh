#!/bin/sh
# An empty file of the same name takes a shipped one out of force.
mkdir -p /usr/lib/sysctl.d
echo 'fs.protected_regular = 0' >/usr/lib/sysctl.d/95-vendor.conf
ln -s /dev/null /etc/sysctl.d/95-vendor.conf
echo 'fs.protected_regular = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/fs
echo 1 >/proc/sys/fs/protected_regular
