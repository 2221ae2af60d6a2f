echo 'budi:$6$a$b:1500:1500::/home/budi:/bin/sh' >>/etc/passwd
