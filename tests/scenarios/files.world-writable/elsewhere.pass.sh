# params: {under: [/etc]}
find /etc -xdev -perm -0002 ! -type l -exec chmod o-w {} +
touch /srv/x
chmod 666 /srv/x
