#!/bin/sh
# The blacklist does not stop a dependency.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
echo 'blacklist freevxfs' >/etc/modprobe.d/freevxfs.conf
