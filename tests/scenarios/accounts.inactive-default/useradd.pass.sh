useradd -D -f 45
