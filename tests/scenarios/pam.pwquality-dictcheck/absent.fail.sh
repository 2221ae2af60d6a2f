rm -rf /etc/security/pwquality.conf /etc/security/pwquality.conf.d
