# libpwquality reads the folder first and the main file over it.
mkdir -p /etc/security/pwquality.conf.d
printf 'enforcing = 1\n' >/etc/security/pwquality.conf.d/50-x.conf
printf 'enforcing = 0\n' >/etc/security/pwquality.conf
