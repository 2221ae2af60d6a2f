#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
#GRUB_CMDLINE_LINUX="apparmor=1 security=apparmor"
GRUB_CMDLINE_LINUX="quiet"
EOF
