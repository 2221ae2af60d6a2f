rm -f /etc/profile.d/*.sh
sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs
echo 'umask 027' >>/etc/profile
echo 'if true; then umask 002; fi' >>/etc/bash.bashrc
