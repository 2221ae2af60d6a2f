sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'layanan:x:900:900::/:' >>/etc/passwd
