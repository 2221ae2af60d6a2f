# libpwquality reads the folder first and the main file over it.
mkdir -p /etc/security/pwquality.conf.d
printf 'difok = 2\n' >/etc/security/pwquality.conf.d/50-x.conf
printf 'difok = 1\n' >/etc/security/pwquality.conf
