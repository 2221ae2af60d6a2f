sed -i '/^cloudsdk:/d;/^postgres:/d' /etc/passwd /etc/shadow
