mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
printf 'minlen = 14\n' >/etc/security/pwquality.conf.d/50-x.conf
