sed -i '/^PASS_WARN_AGE/d' /etc/login.defs
echo 'PASS_WARN_AGE 7' >>/etc/login.defs
