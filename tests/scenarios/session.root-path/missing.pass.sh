echo 'PATH=$PATH:/srv/none' >/root/.bashrc
