touch /var/log/auth.log /var/log/syslog
chmod 640 /var/log/auth.log
chmod 644 /var/log/syslog
