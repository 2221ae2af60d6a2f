sed -i '/^shadow:/d' /etc/group
