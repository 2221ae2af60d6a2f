rm -f /etc/profile.d/*.sh
echo 'TMOUT=600' >>/etc/profile
echo 'TMOUT=1800' >/etc/profile.d/t.sh
