mkdir -m 775 /srv/bin
ln -s /srv/bin /srv/link
echo 'PATH=$PATH:/srv/link' >/root/.bashrc
