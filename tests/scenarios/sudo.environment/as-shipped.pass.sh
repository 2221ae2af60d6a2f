grep -q secure_path /etc/sudoers
