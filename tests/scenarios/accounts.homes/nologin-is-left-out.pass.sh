sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'budi:x:1500:1500::/gone:/usr/sbin/nologin' >>/etc/passwd
