sed -i '/^PASS_MAX_DAYS/d' /etc/login.defs
printf '  PASS_MAX_DAYS\t"365"\n' >>/etc/login.defs
