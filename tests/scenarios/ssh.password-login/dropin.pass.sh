# The main file says otherwise, but later.
echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/00-auditor.conf
echo 'PasswordAuthentication yes' >>/etc/ssh/sshd_config
