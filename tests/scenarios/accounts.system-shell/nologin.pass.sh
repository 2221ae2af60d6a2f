sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'layanan:x:900:900::/:/usr/sbin/nologin' >>/etc/passwd
