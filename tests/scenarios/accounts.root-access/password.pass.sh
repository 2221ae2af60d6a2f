sed -i '/^root:/d' /etc/shadow
echo 'root:$6$a$b:20000:0:99999:7:::' >>/etc/shadow
