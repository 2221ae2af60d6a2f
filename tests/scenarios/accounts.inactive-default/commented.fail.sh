echo '# INACTIVE=30' >/etc/default/useradd
