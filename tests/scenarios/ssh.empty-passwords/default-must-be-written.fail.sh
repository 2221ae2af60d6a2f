# params: {explicit: true}
sed -i '/^PermitEmptyPasswords/d' /etc/ssh/sshd_config
