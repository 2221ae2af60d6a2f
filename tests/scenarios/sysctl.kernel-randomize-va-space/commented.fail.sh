#!/bin/sh
# A commented line and a wrong one: the comment does not count.
printf '# kernel.randomize_va_space = 2\nkernel.randomize_va_space = 0\n' >/etc/sysctl.d/60-auditor.conf
mkdir -p /proc/sys/kernel
echo 2 >/proc/sys/kernel/randomize_va_space
