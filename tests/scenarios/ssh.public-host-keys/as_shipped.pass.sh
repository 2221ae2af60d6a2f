#!/bin/sh
mkdir -p /etc/ssh/sshd_config.d /run/sshd
ssh-keygen -A >/dev/null
chmod 644 /etc/ssh/ssh_host_*.pub
