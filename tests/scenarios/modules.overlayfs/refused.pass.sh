#!/bin/sh
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf 'install overlay /bin/false\nblacklist overlay\n' >/etc/modprobe.d/overlay.conf
