#!/bin/sh
mkdir -p /var/tmp
mount -t tmpfs -o nodev tmpfs /var/tmp
echo 'tmpfs /var/tmp tmpfs defaults,nodev 0 0' >>/etc/fstab
