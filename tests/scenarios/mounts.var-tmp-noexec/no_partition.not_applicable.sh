#!/bin/sh
umount /var/tmp 2>/dev/null
umount /var/tmp 2>/dev/null
mkdir -p /var/tmp
