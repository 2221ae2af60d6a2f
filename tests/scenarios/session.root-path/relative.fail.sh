echo 'PATH="bin:$PATH"' >/root/.bashrc
