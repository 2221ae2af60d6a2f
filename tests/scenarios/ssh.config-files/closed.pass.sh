#!/bin/sh
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
echo 'UseDNS no' >/etc/ssh/sshd_config.d/00-auditor.conf
chown root:root /etc/ssh/sshd_config /etc/ssh/sshd_config.d/00-auditor.conf
chmod 600 /etc/ssh/sshd_config /etc/ssh/sshd_config.d/00-auditor.conf
