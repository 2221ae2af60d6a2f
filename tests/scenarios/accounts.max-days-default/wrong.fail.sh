sed -i '/^PASS_MAX_DAYS/d' /etc/login.defs
echo 'PASS_MAX_DAYS 366' >>/etc/login.defs
