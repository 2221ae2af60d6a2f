: >/etc/issue
