#!/bin/sh
# A Match block that holds for a stranger undoes the global line.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*X11Forwarding\b/Id' /etc/ssh/sshd_config
printf 'X11Forwarding no\nMatch Address *\n  X11Forwarding yes\n' >>/etc/ssh/sshd_config
