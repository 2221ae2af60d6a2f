sed -i 's/^UMASK.*/UMASK 027/' /etc/login.defs
echo 'UMASK 022' >>/etc/login.defs
