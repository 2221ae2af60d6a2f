#!/bin/sh
# Slashes do as well as dots.
rm -f /etc/sysctl.d/*.conf
echo 'fs/protected_fifos=1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/fs
echo 1 >/proc/sys/fs/protected_fifos
