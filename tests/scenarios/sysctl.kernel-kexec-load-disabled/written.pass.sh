#!/bin/sh
# Written in a drop-in, and in force.
rm -f /etc/sysctl.d/*.conf
echo 'kernel.kexec_load_disabled = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 1 >/proc/sys/kernel/kexec_load_disabled
