rm -f /etc/profile.d/*.sh
sed -i 's/^UMASK.*/UMASK 027/' /etc/login.defs
