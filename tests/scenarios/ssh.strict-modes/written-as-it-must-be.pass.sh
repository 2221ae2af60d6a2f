# params: {explicit: true}
echo 'StrictModes yes' >>/etc/ssh/sshd_config
