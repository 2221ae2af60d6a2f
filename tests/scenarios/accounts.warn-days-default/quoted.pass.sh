sed -i '/^PASS_WARN_AGE/d' /etc/login.defs
printf '  PASS_WARN_AGE\t"7"\n' >>/etc/login.defs
