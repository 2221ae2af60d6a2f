: >/etc/issue.net
