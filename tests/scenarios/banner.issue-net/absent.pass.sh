rm -f /etc/issue.net
