echo 'MaxStartups 10:30:60' >/etc/ssh/sshd_config.d/00-auditor.conf
