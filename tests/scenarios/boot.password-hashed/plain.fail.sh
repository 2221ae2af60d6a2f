#!/bin/sh
# packages: grub2-common
set -e
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<'EOF'
set superusers="root"
password root rahasia
EOF
