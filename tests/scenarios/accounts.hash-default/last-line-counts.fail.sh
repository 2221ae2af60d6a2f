echo 'ENCRYPT_METHOD DES' >>/etc/login.defs
