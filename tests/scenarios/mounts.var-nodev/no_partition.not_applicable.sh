#!/bin/sh
umount /var 2>/dev/null
umount /var 2>/dev/null
mkdir -p /var
