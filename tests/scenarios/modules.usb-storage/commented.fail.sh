#!/bin/sh
# A comment refuses nothing.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf '#install usb-storage /bin/true\nblacklist usb-storage\n' >/etc/modprobe.d/usb-storage.conf
