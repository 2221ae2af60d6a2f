chmod 600 /etc/ssh/ssh_host_*_key
chmod 644 /etc/ssh/ssh_host_rsa_key
