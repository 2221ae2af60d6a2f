#!/bin/sh
# A Match block that holds for a stranger undoes the global line.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*HostbasedAuthentication\b/Id' /etc/ssh/sshd_config
printf 'HostbasedAuthentication no\nMatch Address *\n  HostbasedAuthentication yes\n' >>/etc/ssh/sshd_config
