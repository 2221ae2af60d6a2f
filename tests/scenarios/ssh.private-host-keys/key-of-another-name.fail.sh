# HostKey may name any file: not only ssh_host_*_key is a key.
touch /etc/ssh/ssh_host_ed25519_key
chmod 0600 /etc/ssh/*_key
touch /etc/ssh/city_key
chmod 0644 /etc/ssh/city_key
