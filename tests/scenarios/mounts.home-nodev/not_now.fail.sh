#!/bin/sh
mkdir -p /home
mount -t tmpfs tmpfs /home
echo 'tmpfs /home tmpfs defaults,nodev 0 0' >>/etc/fstab
