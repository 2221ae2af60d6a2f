#!/bin/sh
mkdir -p /home
mount -t tmpfs -o nosuid tmpfs /home
echo 'tmpfs /home tmpfs defaults 0 0' >>/etc/fstab
