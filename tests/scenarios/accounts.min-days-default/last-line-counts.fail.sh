sed -i '/^PASS_MIN_DAYS/d' /etc/login.defs
printf 'PASS_MIN_DAYS 1\nPASS_MIN_DAYS 0\n' >>/etc/login.defs
