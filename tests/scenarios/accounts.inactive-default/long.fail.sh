useradd -D -f 46
