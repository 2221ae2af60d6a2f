mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'difok = 2\n' >/etc/security/pwquality.conf.d/x.txt
