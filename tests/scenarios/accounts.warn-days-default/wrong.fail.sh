sed -i '/^PASS_WARN_AGE/d' /etc/login.defs
echo 'PASS_WARN_AGE 6' >>/etc/login.defs
