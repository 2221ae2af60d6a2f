# An empty field in /etc/passwd needs no shadow line at all.
echo 'tamu::1500:1500::/home/tamu:/bin/sh' >>/etc/passwd
