echo 'umask 027' >/root/.profile
echo 'umask 002' >/root/.bashrc
