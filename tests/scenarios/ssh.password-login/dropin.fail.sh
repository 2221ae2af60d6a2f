# The main file is right, but a drop-in comes first.
echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/50-vendor.conf
sed -i '/^#*PasswordAuthentication/Id' /etc/ssh/sshd_config
echo 'PasswordAuthentication no' >>/etc/ssh/sshd_config
