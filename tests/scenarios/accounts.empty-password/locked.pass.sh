sed -i 's/^\([^:]*\):[^:]*:/\1:*:/' /etc/shadow
