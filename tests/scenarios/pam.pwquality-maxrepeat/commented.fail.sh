printf '# maxrepeat = 3\n' >/etc/security/pwquality.conf
