mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'maxrepeat = 3\n' >/etc/security/pwquality.conf.d/x.txt
