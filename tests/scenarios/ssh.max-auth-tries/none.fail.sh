# With 0 nobody can log in.
echo 'MaxAuthTries 0' >/etc/ssh/sshd_config.d/00-auditor.conf
