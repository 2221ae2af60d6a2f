#!/bin/sh
umount /var/log/audit 2>/dev/null
umount /var/log/audit 2>/dev/null
mkdir -p /var/log/audit
