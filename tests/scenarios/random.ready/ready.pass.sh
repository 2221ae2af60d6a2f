#!/bin/sh
set -e
echo 256 >/proc/sys/kernel/random/entropy_avail
