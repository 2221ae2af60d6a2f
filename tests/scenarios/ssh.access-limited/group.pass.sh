echo 'AllowGroups admin' >/etc/ssh/sshd_config.d/00-auditor.conf
