# The range of system accounts is that of login.defs.
sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
sed -i 's/^UID_MIN.*/UID_MIN 5000/' /etc/login.defs
echo 'layanan:x:2000:900::/:/bin/sh' >>/etc/passwd
