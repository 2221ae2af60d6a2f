sed -i '/^PASS_MAX_DAYS/d' /etc/login.defs
