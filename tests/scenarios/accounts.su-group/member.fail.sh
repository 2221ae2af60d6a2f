groupadd sugroup
sed -i 's/^sugroup:.*/&root/' /etc/group
