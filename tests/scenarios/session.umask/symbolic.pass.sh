rm -f /etc/profile.d/*.sh
sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs
echo 'umask u=rwx,g=rx,o=' >/etc/profile.d/u.sh
