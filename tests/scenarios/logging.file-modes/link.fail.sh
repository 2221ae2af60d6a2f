# The file behind the link counts.
mkdir -p /srv/log
touch /srv/log/auth.log
chmod 666 /srv/log/auth.log
ln -sf /srv/log/auth.log /var/log/auth.log
