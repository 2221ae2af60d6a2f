echo 'budi:x:1500:1500::/home/budi:/bin/bash' >>/etc/passwd
echo 'budi:x:1500:' >>/etc/group
echo 'budi:x:1501:1500::/home/siti:/bin/sh' >>/etc/passwd
