printf '# minclass = 4\n' >/etc/security/pwquality.conf
