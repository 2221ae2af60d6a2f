# OpenSSH's default is 6.
sed -i '/^MaxAuthTries/d' /etc/ssh/sshd_config
echo '#MaxAuthTries 3' >>/etc/ssh/sshd_config
