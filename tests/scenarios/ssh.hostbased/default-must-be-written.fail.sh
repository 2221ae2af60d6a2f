# params: {explicit: true}
sed -i '/^HostbasedAuthentication/d' /etc/ssh/sshd_config
