#!/bin/sh
mkdir -p /var/log/audit
mount -t tmpfs -o nodev tmpfs /var/log/audit
echo 'tmpfs /var/log/audit tmpfs defaults 0 0' >>/etc/fstab
