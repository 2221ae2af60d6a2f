#!/bin/sh
# A Match block that holds for a stranger undoes the global line.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*Banner\b/Id' /etc/ssh/sshd_config
printf 'Banner /etc/issue.net\nMatch Address *\n  Banner none\n' >>/etc/ssh/sshd_config
