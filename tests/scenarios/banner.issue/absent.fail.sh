rm -f /etc/issue
