#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
GRUB_CMDLINE_LINUX=""
EOF
mkdir -p /etc/default/grub.d
cat >/etc/default/grub.d/a.cfg <<'EOF'
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX audit=1"
EOF
mkdir -p /etc/default/grub.d
cat >/etc/default/grub.d/b.cfg <<'EOF'
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX quiet"
EOF
