echo 'KexAlgorithms +diffie-hellman-group14-sha1' >/etc/ssh/sshd_config.d/00-auditor.conf
