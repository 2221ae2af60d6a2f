echo 'LoginGraceTime 1m' >/etc/ssh/sshd_config.d/00-auditor.conf
