#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
echo 'tmpfs /dev/shm tmpfs defaults,nodev 0 0' >>/etc/fstab
