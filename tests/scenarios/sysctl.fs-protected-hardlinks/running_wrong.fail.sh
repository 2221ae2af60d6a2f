#!/bin/sh
# Right at the next boot, wrong now.
rm -f /etc/sysctl.d/*.conf
echo 'fs.protected_hardlinks = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/fs
echo 0 >/proc/sys/fs/protected_hardlinks
