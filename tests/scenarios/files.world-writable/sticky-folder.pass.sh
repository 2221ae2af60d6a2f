# A sticky folder is meant for all, as /tmp is.
find /etc /opt /srv /usr/local /var/www -xdev -perm -0002 ! -type l ! -type c -exec chmod o-w {} +
mkdir -p /srv/bersama
chmod 1777 /srv/bersama
