# Drop-ins are read in the order of their names.
echo 'PermitRootLogin yes' >/etc/ssh/sshd_config.d/20-vendor.conf
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/30-hardening.conf
