#!/bin/sh
# Debian reads /etc/sysctl.conf as 99-sysctl.conf, after the drop-ins.
echo 'fs.protected_hardlinks = 1' >/etc/sysctl.d/60-auditor.conf
echo 'fs.protected_hardlinks = 0' >>/etc/sysctl.conf
mkdir -p /proc/sys/fs
echo 1 >/proc/sys/fs/protected_hardlinks
