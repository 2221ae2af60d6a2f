echo 'Hanya untuk pengguna yang berwenang.' >/etc/issue
