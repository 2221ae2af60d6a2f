#!/bin/sh
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf 'install sctp /bin/false\nblacklist sctp\n' >/etc/modprobe.d/sctp.conf
