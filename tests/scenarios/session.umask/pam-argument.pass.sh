rm -f /etc/profile.d/*.sh
sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs
echo 'session optional pam_umask.so umask=0027' >>/etc/pam.d/common-session
