#!/bin/sh
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*X11Forwarding\b/Id' /etc/ssh/sshd_config
echo 'X11Forwarding no' >/etc/ssh/sshd_config.d/00-auditor.conf
