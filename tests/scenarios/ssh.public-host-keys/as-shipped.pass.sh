chmod 644 /etc/ssh/ssh_host_*.pub
