: >/etc/security/pwquality.conf
