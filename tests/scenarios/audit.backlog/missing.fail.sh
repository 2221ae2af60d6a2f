#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
GRUB_CMDLINE_LINUX="quiet"
EOF
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<'EOF'
menuentry 'Debian' {
  linux /vmlinuz root=/dev/sda1 ro quiet
}
menuentry 'Debian (recovery mode)' {
  linux /vmlinuz root=/dev/sda1 ro single
}
EOF
