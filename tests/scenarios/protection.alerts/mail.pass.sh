#!/bin/sh
set -e
mkdir -p /etc/fail2ban
cat >/etc/fail2ban/jail.local <<'X'
[DEFAULT]
action = %(action_mwl)s
[sshd]
enabled = true
X
