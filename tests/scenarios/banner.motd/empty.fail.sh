: >/etc/motd
