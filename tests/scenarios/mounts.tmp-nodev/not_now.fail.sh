#!/bin/sh
mkdir -p /tmp
mount -t tmpfs tmpfs /tmp
echo 'tmpfs /tmp tmpfs defaults,nodev 0 0' >>/etc/fstab
