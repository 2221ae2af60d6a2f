#!/bin/sh
# A commented line and a wrong one: the comment does not count.
printf '# kernel.unprivileged_bpf_disabled = 1\nkernel.unprivileged_bpf_disabled = 0\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 1 >/proc/sys/kernel/unprivileged_bpf_disabled
