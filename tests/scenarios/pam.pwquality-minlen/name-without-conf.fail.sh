mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'minlen = 14\n' >/etc/security/pwquality.conf.d/x.txt
