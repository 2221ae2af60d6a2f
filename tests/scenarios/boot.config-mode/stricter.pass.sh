#!/bin/sh
set -e
mkdir -p /boot/grub
printf x >/boot/grub/grub.cfg
chown root:root /boot/grub/grub.cfg
chmod 0600 /boot/grub/grub.cfg
chmod 0400 /boot/grub/grub.cfg
