chmod 664 /etc/ssh/ssh_host_rsa_key.pub
