#!/bin/sh
# Right at the next boot, wrong now.
rm -f /etc/sysctl.d/*.conf
echo 'kernel.unprivileged_bpf_disabled = 1' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 0 >/proc/sys/kernel/unprivileged_bpf_disabled
