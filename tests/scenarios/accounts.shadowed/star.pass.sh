echo 'budi:*:1500:1500::/home/budi:/bin/sh' >>/etc/passwd
