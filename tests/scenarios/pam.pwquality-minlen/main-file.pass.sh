printf 'minlen = 14\n' >/etc/security/pwquality.conf
