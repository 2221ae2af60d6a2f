#!/bin/sh
# A Match block that holds for a stranger undoes the global line.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*DisableForwarding\b/Id' /etc/ssh/sshd_config
printf 'DisableForwarding yes\nMatch Address *\n  DisableForwarding no\n' >>/etc/ssh/sshd_config
