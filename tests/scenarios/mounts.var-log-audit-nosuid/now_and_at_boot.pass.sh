#!/bin/sh
mkdir -p /var/log/audit
mount -t tmpfs -o nosuid tmpfs /var/log/audit
echo 'tmpfs /var/log/audit tmpfs defaults,nosuid 0 0' >>/etc/fstab
