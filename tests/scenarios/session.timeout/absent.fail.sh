rm -f /etc/profile.d/*.sh
