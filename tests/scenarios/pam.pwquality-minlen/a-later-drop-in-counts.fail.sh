mkdir -p /etc/security/pwquality.conf.d
: >/etc/security/pwquality.conf
echo 'minlen = 14' >/etc/security/pwquality.conf.d/10-a.conf
echo 'minlen = 8' >/etc/security/pwquality.conf.d/20-b.conf
