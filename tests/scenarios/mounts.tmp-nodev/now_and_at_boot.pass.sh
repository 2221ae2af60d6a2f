#!/bin/sh
mkdir -p /tmp
mount -t tmpfs -o nodev tmpfs /tmp
echo 'tmpfs /tmp tmpfs defaults,nodev 0 0' >>/etc/fstab
