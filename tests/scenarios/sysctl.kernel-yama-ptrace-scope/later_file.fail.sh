#!/bin/sh
# A file that sorts later undoes the good one.
echo 'kernel.yama.ptrace_scope = 1' >/etc/sysctl.d/10-good.conf
echo 'kernel.yama.ptrace_scope = 0' >/etc/sysctl.d/90-app.conf
mkdir -p /proc/sys/kernel/yama
echo 1 >/proc/sys/kernel/yama/ptrace_scope
