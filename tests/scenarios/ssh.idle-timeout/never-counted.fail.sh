# Count 0: the connection is never closed.
printf 'ClientAliveInterval 300\nClientAliveCountMax 0\n' >/etc/ssh/sshd_config.d/00-auditor.conf
