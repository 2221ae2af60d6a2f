# params: {allowed: ["no", without-password], explicit: true}
sed -i '/^PermitRootLogin/d' /etc/ssh/sshd_config
