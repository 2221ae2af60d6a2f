echo 'deb http://mirror.lab/debian-security bookworm-security main' >/etc/apt/sources.list
mkdir -p /var/lib/apt/lists
touch /var/lib/apt/lists/x_InRelease
