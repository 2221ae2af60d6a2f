for f in auth.log syslog kern.log; do touch /var/log/$f; chmod 640 /var/log/$f; done
