# sshd takes times with a unit.
printf 'ClientAliveInterval 15m\nClientAliveCountMax 2\n' >/etc/ssh/sshd_config.d/00-auditor.conf
