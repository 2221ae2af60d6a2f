sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs
