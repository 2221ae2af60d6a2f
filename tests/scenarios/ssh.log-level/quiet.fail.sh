echo 'LogLevel QUIET' >/etc/ssh/sshd_config.d/00-auditor.conf
echo 'LogLevel INFO' >>/etc/ssh/sshd_config
