sed -i '/^UMASK/d' /etc/login.defs
