echo 'PATH=/usr/bin:/srv/none' >/etc/environment
