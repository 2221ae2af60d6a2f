echo '# PATH=.:$PATH' >/root/.bashrc
