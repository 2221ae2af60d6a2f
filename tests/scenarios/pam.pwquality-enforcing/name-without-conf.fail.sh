mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'enforcing = 1\n' >/etc/security/pwquality.conf.d/x.txt
