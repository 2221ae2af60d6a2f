# The first value counts: a drop-in that is included before it wins over the main file.
echo 'PermitRootLogin yes' >/etc/ssh/sshd_config.d/10-vendor.conf
echo 'PermitRootLogin no' >>/etc/ssh/sshd_config
