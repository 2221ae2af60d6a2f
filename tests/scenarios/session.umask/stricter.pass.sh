rm -f /etc/profile.d/*.sh
sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs
echo 'umask 077' >>/etc/bash.bashrc
