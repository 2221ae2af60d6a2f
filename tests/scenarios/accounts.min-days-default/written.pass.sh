sed -i '/^PASS_MIN_DAYS/d' /etc/login.defs
echo 'PASS_MIN_DAYS 1' >>/etc/login.defs
