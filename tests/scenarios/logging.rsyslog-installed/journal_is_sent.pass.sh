#!/bin/sh
set -e
awk -v 'names=rsyslog syslog-ng-core syslog-ng' 'BEGIN { RS = ""; ORS = "\n\n"; n = split(names, a, " "); for (i = 1; i <= n; i++) gone[a[i]] = 1 } { if (!($2 in gone)) print }' /var/lib/dpkg/status >/var/lib/dpkg/status.new
mv /var/lib/dpkg/status.new /var/lib/dpkg/status
mkdir -p /etc/systemd
cat >/etc/systemd/journal-upload.conf <<'EOF'
[Upload]
URL=https://log.example:19532
ServerKeyFile=/etc/ssl/private/j.pem
ServerCertificateFile=/etc/ssl/certs/j.pem
TrustedCertificateFile=/etc/ssl/ca/t.pem
EOF
