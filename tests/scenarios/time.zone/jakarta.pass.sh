ln -sf /usr/share/zoneinfo/Asia/Jakarta /etc/localtime
