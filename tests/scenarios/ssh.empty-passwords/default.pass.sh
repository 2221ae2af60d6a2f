# Nothing is set, only commented.
sed -i '/^#*PermitEmptyPasswords/Id' /etc/ssh/sshd_config
printf '#PermitEmptyPasswords yes\n#PermitEmptyPasswords no\n' >>/etc/ssh/sshd_config
