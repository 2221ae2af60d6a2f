#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs -o nodev tmpfs /dev/shm
echo 'tmpfs /dev/shm tmpfs defaults 0 0' >>/etc/fstab
