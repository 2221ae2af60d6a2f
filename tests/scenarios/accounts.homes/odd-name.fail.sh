sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
mkdir -p "/home/o'd d"
chmod 777 "/home/o'd d"
echo "budi:x:1500:1500::/home/o'd d:/bin/sh" >>/etc/passwd
