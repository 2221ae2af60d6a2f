# params: {most: 6}
sed -i '/^MaxAuthTries/d' /etc/ssh/sshd_config
