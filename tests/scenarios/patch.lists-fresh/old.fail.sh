echo 'deb http://mirror.lab/debian-security bookworm-security main' >/etc/apt/sources.list
find /var/lib/apt -type f -exec touch -d '30 days ago' {} +
