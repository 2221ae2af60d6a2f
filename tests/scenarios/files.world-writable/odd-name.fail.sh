touch '/srv/baris
kedua $(id)'
chmod 666 /srv/baris*
