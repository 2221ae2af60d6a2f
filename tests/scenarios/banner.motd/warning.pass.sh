echo 'Hanya untuk pengguna yang berwenang.' >/etc/motd
