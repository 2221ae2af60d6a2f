sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'budi:x:1500:1500::/home/budi:/bin/bash' >>/etc/passwd
echo 'budi:x:1500:' >>/etc/group
mkdir -p /home/budi
chown 1500:1500 /home/budi
chmod 750 /home/budi
mkdir -m 777 /home/budi/.cache
