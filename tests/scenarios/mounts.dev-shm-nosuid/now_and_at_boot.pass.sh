#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs -o nosuid tmpfs /dev/shm
echo 'tmpfs /dev/shm tmpfs defaults,nosuid 0 0' >>/etc/fstab
