rm -f /etc/motd
