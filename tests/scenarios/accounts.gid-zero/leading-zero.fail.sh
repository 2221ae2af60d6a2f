echo 'budi:x:1500:00::/home/budi:/bin/sh' >>/etc/passwd
