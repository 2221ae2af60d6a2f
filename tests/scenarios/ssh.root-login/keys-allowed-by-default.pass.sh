# params: {allowed: ["no", without-password]}
sed -i '/^PermitRootLogin/d' /etc/ssh/sshd_config
