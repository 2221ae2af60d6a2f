sed -i '/^PASS_WARN_AGE/d' /etc/login.defs
printf 'PASS_WARN_AGE 7\nPASS_WARN_AGE 6\n' >>/etc/login.defs
