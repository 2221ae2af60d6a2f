# Without keys there is nothing to identify the server by.
rm /etc/ssh/ssh_host_*_key
