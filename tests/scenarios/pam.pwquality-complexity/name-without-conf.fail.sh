mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'minclass = 4\n' >/etc/security/pwquality.conf.d/x.txt
