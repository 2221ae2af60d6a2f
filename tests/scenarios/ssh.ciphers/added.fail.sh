# A list that begins with + adds to the default.
echo 'Ciphers +aes256-cbc' >/etc/ssh/sshd_config.d/00-auditor.conf
