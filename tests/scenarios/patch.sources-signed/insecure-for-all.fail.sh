rm -f /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*
echo 'deb http://mirror.lab/debian bookworm main' >/etc/apt/sources.list
echo 'Acquire::AllowInsecureRepositories "true";' >/etc/apt/apt.conf.d/99lokal
