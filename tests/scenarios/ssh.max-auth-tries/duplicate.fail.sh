printf 'MaxAuthTries 5\nMaxAuthTries 3\n' >/etc/ssh/sshd_config.d/00-auditor.conf
