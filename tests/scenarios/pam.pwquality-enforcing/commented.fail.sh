printf '# enforcing = 1\n' >/etc/security/pwquality.conf
