# Nothing is set, only commented.
sed -i '/^#*PasswordAuthentication/Id' /etc/ssh/sshd_config
printf '#PasswordAuthentication yes\n#PasswordAuthentication no\n' >>/etc/ssh/sshd_config
