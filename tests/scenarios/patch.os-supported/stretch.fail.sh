printf 'ID=debian\nVERSION_ID="9"\nVERSION_CODENAME=stretch\nPRETTY_NAME="Debian 9"\n' >/etc/os-release
