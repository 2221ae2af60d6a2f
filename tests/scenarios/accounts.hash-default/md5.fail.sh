sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs
echo 'ENCRYPT_METHOD MD5' >>/etc/login.defs
