#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
GRUB_CMDLINE_LINUX="apparmor=1 security=apparmor"
EOF
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<'EOF'
menuentry 'Debian' {
  linux /vmlinuz root=/dev/sda1 ro apparmor=1 security=apparmor
}
menuentry 'Debian (recovery mode)' {
  linux /vmlinuz root=/dev/sda1 ro single
}
EOF
