#!/bin/sh
set -e
systemctl disable rsyslog.service || true
rm -f /etc/systemd/system/*.wants/rsyslog.service /etc/systemd/system/syslog.service
mkdir -p /etc/systemd/journal-upload.conf.d
cat >/etc/systemd/journal-upload.conf.d/a.conf <<'EOF'
[Upload]
URL=https://log.example:19532
ServerKeyFile=/etc/ssl/private/j.pem
ServerCertificateFile=/etc/ssl/certs/j.pem
TrustedCertificateFile=/etc/ssl/ca/t.pem
EOF
