#!/bin/sh
set -e
mkdir -p /etc/fail2ban
cat >/etc/fail2ban/jail.local <<'X'
[sshd]
enabled = true
X
