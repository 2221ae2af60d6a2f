#!/bin/sh
umount /dev/shm 2>/dev/null
umount /dev/shm 2>/dev/null
mkdir -p /dev/shm
