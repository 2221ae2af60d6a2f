# What the link leads to counts.
sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'budi:x:1500:1500::/home/budi:/bin/bash' >>/etc/passwd
echo 'budi:x:1500:' >>/etc/group
mkdir -p /srv/budi
chown 1500:1500 /srv/budi
chmod 700 /srv/budi
ln -s /srv/budi /home/budi
