rm -f /etc/default/useradd
