#!/bin/sh
umount /home 2>/dev/null
umount /home 2>/dev/null
mkdir -p /home
