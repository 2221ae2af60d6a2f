#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs -o noexec tmpfs /dev/shm
echo 'tmpfs /dev/shm tmpfs defaults,noexec 0 0' >>/etc/fstab
