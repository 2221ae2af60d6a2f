# params: {allowed: ["no", without-password]}
# prohibit-password is the newer name of without-password.
echo 'PermitRootLogin prohibit-password' >/etc/ssh/sshd_config.d/00-auditor.conf
