#!/bin/sh
set -e
echo 90 >/proc/sys/kernel/random/entropy_avail
