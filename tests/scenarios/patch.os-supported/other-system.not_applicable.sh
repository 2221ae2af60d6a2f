printf 'ID=gentoo\nVERSION_ID=2.15\nPRETTY_NAME="Gentoo Linux"\n' >/etc/os-release
