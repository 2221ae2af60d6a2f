printf 'minclass = 3\n' >/etc/security/pwquality.conf
