sed -i '/^\(Allow\|Deny\)/d' /etc/ssh/sshd_config
echo '#AllowUsers budi' >>/etc/ssh/sshd_config
