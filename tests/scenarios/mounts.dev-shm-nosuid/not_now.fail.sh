#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
echo 'tmpfs /dev/shm tmpfs defaults,nosuid 0 0' >>/etc/fstab
