#!/bin/sh
# A file that sorts later undoes the good one.
echo 'kernel.kexec_load_disabled = 1' >/etc/sysctl.d/10-good.conf
echo 'kernel.kexec_load_disabled = 0' >/etc/sysctl.d/90-app.conf
mkdir -p /proc/sys/kernel
echo 1 >/proc/sys/kernel/kexec_load_disabled
