sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'budi:x:1500:1500::/home/budi:/bin/bash' >>/etc/passwd
echo 'budi:x:1500:' >>/etc/group
echo "budi:!:$(($(date +%s) / 86400 + 400)):0:99999:7:::" >>/etc/shadow
