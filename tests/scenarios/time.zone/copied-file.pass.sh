rm /etc/localtime
cp /usr/share/zoneinfo/Asia/Jakarta /etc/localtime
echo Asia/Jakarta >/etc/timezone
