echo 'deb http://security.debian.org bookworm-security main' >/etc/apt/sources.list
find /var/lib/apt -type f -exec touch -d '30 days ago' {} +
