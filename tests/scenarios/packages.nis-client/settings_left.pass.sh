#!/bin/sh
# Removed, but its settings are still there.
set -e
awk -v 'names=nis ypbind ypbind-mt yp-tools' 'BEGIN { RS = ""; ORS = "\n\n"; n = split(names, a, " "); for (i = 1; i <= n; i++) gone[a[i]] = 1 } { if (!($2 in gone)) print }' /var/lib/dpkg/status >/var/lib/dpkg/status.new
mv /var/lib/dpkg/status.new /var/lib/dpkg/status
printf '\nPackage: nis\nStatus: deinstall ok config-files\nPriority: optional\nSection: misc\nInstalled-Size: 1\nMaintainer: nobody <nobody@example.org>\nArchitecture: all\nVersion: 1\nConffiles:\n /etc/x 00000000000000000000000000000000\nDescription: x\n' >>/var/lib/dpkg/status
