echo /usr/sbin/nologin >>/etc/shells
