# params: {explicit: true}
sed -i '/^StrictModes/d' /etc/ssh/sshd_config
