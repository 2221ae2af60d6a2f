# libpwquality reads the folder first and the main file over it.
mkdir -p /etc/security/pwquality.conf.d
printf 'minlen = 14\n' >/etc/security/pwquality.conf.d/50-x.conf
printf 'minlen = 13\n' >/etc/security/pwquality.conf
