echo 'INACTIVE=-1' >/etc/default/useradd
