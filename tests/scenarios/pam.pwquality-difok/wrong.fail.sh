printf 'difok = 1\n' >/etc/security/pwquality.conf
