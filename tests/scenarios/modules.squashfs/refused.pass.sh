#!/bin/sh
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf 'install squashfs /bin/false\nblacklist squashfs\n' >/etc/modprobe.d/squashfs.conf
