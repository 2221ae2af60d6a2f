#!/bin/sh
mkdir -p /home
mount -t tmpfs -o nodev tmpfs /home
echo 'tmpfs /home tmpfs defaults,nodev 0 0' >>/etc/fstab
