#!/bin/sh
# packages: grub2-common
set -e
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<'EOF'
set superusers="root"
password_pbkdf2 root grub.pbkdf2.sha512.10000.AB.CD
EOF
