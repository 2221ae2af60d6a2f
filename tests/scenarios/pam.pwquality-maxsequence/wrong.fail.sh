printf 'maxsequence=4\n' >/etc/security/pwquality.conf
