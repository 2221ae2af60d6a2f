# params: {most: "0644"}
touch /var/log/auth.log
chmod 644 /var/log/auth.log
