#!/bin/sh
mkdir -p /var
mount -t tmpfs -o nodev tmpfs /var
echo 'tmpfs /var tmpfs defaults,nodev 0 0' >>/etc/fstab
