# The daemon refuses its file: what it would do after the next restart is nothing.
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/00-auditor.conf
echo 'PermitRotLogin no' >>/etc/ssh/sshd_config
