#!/bin/sh
# A drop-in of /etc hides one of the same name of /usr/lib.
set -e
rm -rf /etc/systemd/journald.conf /etc/systemd/journald.conf.d /usr/lib/systemd/journald.conf.d
mkdir -p /usr/lib/systemd/journald.conf.d
cat >/usr/lib/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
Compress=no
EOF
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf.d/60-a.conf <<'EOF'
[Journal]
Compress=yes
EOF
