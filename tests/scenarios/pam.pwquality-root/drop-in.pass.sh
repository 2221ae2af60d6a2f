mkdir -p /etc/security/pwquality.conf.d
echo enforce_for_root >/etc/security/pwquality.conf.d/r.conf
