printf 'minlen = 14\nminlen = 8\n' >/etc/security/pwquality.conf
