#!/bin/sh
mkdir -p /var/log
mount -t tmpfs -o noexec tmpfs /var/log
echo 'tmpfs /var/log tmpfs defaults 0 0' >>/etc/fstab
