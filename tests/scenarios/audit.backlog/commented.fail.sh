#!/bin/sh
set -e
mkdir -p /etc/default
cat >/etc/default/grub <<'EOF'
#GRUB_CMDLINE_LINUX="audit_backlog_limit=8192"
GRUB_CMDLINE_LINUX="quiet"
EOF
