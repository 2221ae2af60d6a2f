echo enforce_for_root >/etc/security/pwquality.conf
