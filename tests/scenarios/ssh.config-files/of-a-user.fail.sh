rm -f /etc/ssh/sshd_config.d/*.conf
chmod 600 /etc/ssh/sshd_config
chown daemon /etc/ssh/sshd_config
