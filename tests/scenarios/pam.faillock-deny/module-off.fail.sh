echo 'deny = 4' >/etc/security/faillock.conf
