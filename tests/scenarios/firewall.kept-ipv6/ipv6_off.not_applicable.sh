#!/bin/sh
set -e
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
