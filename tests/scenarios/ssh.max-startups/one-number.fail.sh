# One number is a hard limit: 100 waiting connections at once.
echo 'MaxStartups 100' >/etc/ssh/sshd_config.d/00-auditor.conf
