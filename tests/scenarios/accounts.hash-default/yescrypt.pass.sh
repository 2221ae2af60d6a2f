sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs
echo 'ENCRYPT_METHOD YESCRYPT' >>/etc/login.defs
