chmod 600 /etc/ssh/sshd_config
echo 'UsePAM yes' >/etc/ssh/sshd_config.d/10-x.conf
chmod 640 /etc/ssh/sshd_config.d/10-x.conf
