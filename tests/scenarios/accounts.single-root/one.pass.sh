awk -F: '$3 != 0 || $1 == "root"' /etc/passwd >/etc/passwd.new
cat /etc/passwd.new >/etc/passwd
