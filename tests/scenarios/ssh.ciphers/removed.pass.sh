# A list that begins with - takes from the default.
echo 'Ciphers -*-cbc' >/etc/ssh/sshd_config.d/00-auditor.conf
