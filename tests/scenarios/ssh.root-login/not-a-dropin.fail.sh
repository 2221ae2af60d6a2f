# Only *.conf is included.
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/hardening.conf.disabled
