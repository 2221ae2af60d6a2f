echo 'umask 022' >/root/.bashrc
