# params: {explicit: true}
sed -i '/PASS_WARN_AGE/d' /etc/login.defs
