#!/bin/sh
# A comment refuses nothing.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf '#install sctp /bin/true\nblacklist sctp\n' >/etc/modprobe.d/sctp.conf
