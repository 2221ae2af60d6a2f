# params: {explicit: true}
echo 'PermitEmptyPasswords no' >>/etc/ssh/sshd_config
