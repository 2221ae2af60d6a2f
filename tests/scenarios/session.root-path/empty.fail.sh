echo 'export PATH=$PATH:' >/root/.bashrc
