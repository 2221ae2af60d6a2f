mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'maxsequence=3\n' >/etc/security/pwquality.conf.d/x.txt
