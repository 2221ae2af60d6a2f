echo 'deb http://security.debian.org bookworm-security main' >/etc/apt/sources.list
mkdir -p /var/lib/apt/lists
touch /var/lib/apt/lists/x_InRelease
