sed -i '/^PASS_MAX_DAYS/d' /etc/login.defs
printf 'PASS_MAX_DAYS 365\nPASS_MAX_DAYS 366\n' >>/etc/login.defs
