#!/bin/sh
umount /tmp 2>/dev/null
umount /tmp 2>/dev/null
mkdir -p /tmp
