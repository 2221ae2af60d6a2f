printf 'ClientAliveInterval 300\nClientAliveCountMax 3\n' >/etc/ssh/sshd_config.d/00-auditor.conf
