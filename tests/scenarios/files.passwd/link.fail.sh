# What a link points to counts.
cp /etc/passwd /var/lib/passwd
chmod 0666 /var/lib/passwd
ln -sf /var/lib/passwd /etc/passwd
