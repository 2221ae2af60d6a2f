rm -f /etc/apt/sources.list.d/*
printf 'deb http://deb.debian.org/debian bookworm main\n# deb http://security.debian.org bookworm-security main\n' >/etc/apt/sources.list
touch /var/lib/apt/lists/x_InRelease
