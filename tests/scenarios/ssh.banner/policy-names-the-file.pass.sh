# params: {files: [/etc/ssh/warning]}
rm -f /etc/ssh/sshd_config.d/*
echo 'Banner /etc/ssh/warning' >/etc/ssh/sshd_config.d/00-x.conf
