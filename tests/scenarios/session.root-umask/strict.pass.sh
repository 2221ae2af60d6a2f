echo 'umask 0077' >/root/.profile
