echo 'budi:x:1500:54321::/home/budi:/bin/sh' >>/etc/passwd
