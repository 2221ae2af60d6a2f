printf '# difok = 2\n' >/etc/security/pwquality.conf
