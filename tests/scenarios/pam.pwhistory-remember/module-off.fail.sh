echo 'remember = 24' >/etc/security/pwhistory.conf
