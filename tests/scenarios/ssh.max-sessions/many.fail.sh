echo 'MaxSessions 11' >/etc/ssh/sshd_config.d/00-auditor.conf
echo 'MaxSessions 4' >>/etc/ssh/sshd_config
