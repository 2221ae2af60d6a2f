#!/bin/sh
mkdir -p /var/log
mount -t tmpfs tmpfs /var/log
echo 'tmpfs /var/log tmpfs defaults,noexec 0 0' >>/etc/fstab
