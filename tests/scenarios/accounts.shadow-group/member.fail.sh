sed -i 's/^shadow:.*/&root/' /etc/group
