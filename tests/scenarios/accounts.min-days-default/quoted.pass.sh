sed -i '/^PASS_MIN_DAYS/d' /etc/login.defs
printf '  PASS_MIN_DAYS\t"1"\n' >>/etc/login.defs
