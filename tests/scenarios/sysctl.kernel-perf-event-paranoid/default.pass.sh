#!/bin/sh
# Nothing sets it: the running value is right by default.
rm -rf /etc/sysctl.d /usr/lib/sysctl.d /etc/sysctl.conf
mkdir -p /proc/sys/kernel
echo 2 >/proc/sys/kernel/perf_event_paranoid
