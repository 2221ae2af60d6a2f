rm -f /etc/shells
