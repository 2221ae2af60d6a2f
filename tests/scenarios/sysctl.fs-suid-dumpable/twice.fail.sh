#!/bin/sh
# The last line of a file counts.
rm -f /usr/lib/sysctl.d/*.conf
printf 'fs.suid_dumpable = 0\nfs.suid_dumpable=1\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/fs
echo 0 >/proc/sys/fs/suid_dumpable
