#!/bin/sh
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
chmod 600 /etc/ssh/sshd_config
echo 'UseDNS no' >/etc/ssh/sshd_config.d/00-auditor.conf
chmod 644 /etc/ssh/sshd_config.d/00-auditor.conf
