echo 'LogLevel VERBOSE' >/etc/ssh/sshd_config.d/00-auditor.conf
