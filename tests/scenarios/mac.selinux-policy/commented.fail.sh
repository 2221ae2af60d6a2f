#!/bin/sh
set -e
printf 'ID=rocky\nVERSION_ID=9.3\n' >/usr/lib/os-release
ln -sf ../usr/lib/os-release /etc/os-release
mkdir -p /etc/selinux
cat >/etc/selinux/config <<'EOF'
#SELINUXTYPE=targeted
EOF
