#!/bin/sh
mkdir -p /var
mount -t tmpfs tmpfs /var
echo 'tmpfs /var tmpfs defaults,nodev 0 0' >>/etc/fstab
