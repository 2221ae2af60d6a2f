#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
GRUB_CMDLINE_LINUX="audit=1"
EOF
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<'EOF'
menuentry 'Debian' {
  linux /vmlinuz root=/dev/sda1 ro audit=1
}
menuentry 'Debian (recovery mode)' {
  linux /vmlinuz root=/dev/sda1 ro single
}
EOF
