echo 'budi ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/budi
chmod 440 /etc/sudoers.d/budi
