echo 'sugroup:x:1600:' >>/etc/group
echo 'budi:x:1500:1600::/:/bin/sh' >>/etc/passwd
