# params: {explicit: true}
echo 'HostbasedAuthentication no' >>/etc/ssh/sshd_config
