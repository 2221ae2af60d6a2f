# /etc/timezone is only a copy of what the link says.
echo Asia/Jakarta >/etc/timezone
ln -sf /usr/share/zoneinfo/America/New_York /etc/localtime
