chmod 600 /etc/ssh/ssh_host_*_key
chmod 640 /etc/ssh/ssh_host_ed25519_key
