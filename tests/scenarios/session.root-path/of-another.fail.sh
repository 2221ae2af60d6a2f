mkdir /srv/bin
chown 1500 /srv/bin
echo 'PATH=$PATH:/srv/bin' >/root/.bashrc
