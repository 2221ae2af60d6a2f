rm -f /etc/sudoers.d/*
printf 'root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n' >/etc/sudoers
mkdir -p /srv/s
echo 'budi ALL=(ALL:ALL) ALL' >/srv/s/r
echo '@include /srv/s/r' >>/etc/sudoers
