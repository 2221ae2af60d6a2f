#!/bin/sh
# modprobe reads *.conf only.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
printf 'install udf /bin/false\nblacklist udf\n' >/etc/modprobe.d/udf.disabled
