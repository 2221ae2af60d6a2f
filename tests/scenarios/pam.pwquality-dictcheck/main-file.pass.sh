printf 'dictcheck = 1\n' >/etc/security/pwquality.conf
