mkdir -p /var/www/html
echo x >/var/www/html/index.php
chmod 666 /var/www/html/index.php
