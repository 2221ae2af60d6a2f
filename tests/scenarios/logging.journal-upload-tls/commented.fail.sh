#!/bin/sh
set -e
systemctl disable rsyslog.service || true
rm -f /etc/systemd/system/*.wants/rsyslog.service /etc/systemd/system/syslog.service
mkdir -p /etc/systemd
cat >/etc/systemd/journal-upload.conf <<'EOF'
[Upload]
URL=https://log.example:19532
ServerKeyFile=/etc/ssl/private/j.pem
ServerCertificateFile=/etc/ssl/certs/j.pem
#TrustedCertificateFile=/etc/ssl/ca/t.pem
EOF
