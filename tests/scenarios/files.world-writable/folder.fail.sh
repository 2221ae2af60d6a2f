mkdir -p /srv/unggahan
chmod 777 /srv/unggahan
