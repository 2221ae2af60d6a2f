# The second list does not count.
printf 'MACs hmac-sha2-256,hmac-md5\nMACs hmac-sha2-256\n' >/etc/ssh/sshd_config.d/00-auditor.conf
