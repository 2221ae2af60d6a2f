echo 'lama:x:1500:1500::/home/lama:/bin/sh' >>/etc/passwd
echo 'lama:$1$abcdefgh$0123456789abcdefghijkl:20000:0:99999:7:::' >>/etc/shadow
