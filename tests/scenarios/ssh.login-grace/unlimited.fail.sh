# 0 is no limit at all.
echo 'LoginGraceTime 0' >/etc/ssh/sshd_config.d/00-auditor.conf
