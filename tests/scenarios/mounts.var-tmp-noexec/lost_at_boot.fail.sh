#!/bin/sh
mkdir -p /var/tmp
mount -t tmpfs -o noexec tmpfs /var/tmp
echo 'tmpfs /var/tmp tmpfs defaults 0 0' >>/etc/fstab
