#!/bin/sh
# The blacklist does not stop a dependency.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
echo 'blacklist dccp' >/etc/modprobe.d/dccp.conf
