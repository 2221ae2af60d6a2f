#!/bin/sh
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf 'install rds /bin/false\nblacklist rds\n' >/etc/modprobe.d/rds.conf
