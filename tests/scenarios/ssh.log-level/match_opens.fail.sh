#!/bin/sh
# A Match block that holds for a stranger undoes the global line.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*LogLevel\b/Id' /etc/ssh/sshd_config
printf 'LogLevel VERBOSE\nMatch Address *\n  LogLevel QUIET\n' >>/etc/ssh/sshd_config
