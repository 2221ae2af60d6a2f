printf 'minlen = 13\n' >/etc/security/pwquality.conf
