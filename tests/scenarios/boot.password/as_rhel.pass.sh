#!/bin/sh
# packages: grub2
set -e
mkdir -p /boot/grub2
cat >/boot/grub2/grub.cfg <<'EOF'
set superusers="root"
password_pbkdf2 root ${GRUB2_PASSWORD}
EOF
mkdir -p /boot/grub2
cat >/boot/grub2/user.cfg <<'EOF'
GRUB2_PASSWORD=grub.pbkdf2.sha512.10000.AB.CD
EOF
