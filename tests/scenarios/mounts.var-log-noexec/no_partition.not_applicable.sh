#!/bin/sh
umount /var/log 2>/dev/null
umount /var/log 2>/dev/null
mkdir -p /var/log
