#!/bin/sh
# A file that sorts later undoes the good one.
echo 'net.core.bpf_jit_harden = 1' >/etc/sysctl.d/10-good.conf
echo 'net.core.bpf_jit_harden = 0' >/etc/sysctl.d/90-app.conf
mkdir -p /proc/sys/net/core
echo 1 >/proc/sys/net/core/bpf_jit_harden
