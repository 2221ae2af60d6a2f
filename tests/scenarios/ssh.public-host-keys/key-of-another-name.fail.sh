touch /etc/ssh/city_key.pub
chmod 0666 /etc/ssh/city_key.pub
