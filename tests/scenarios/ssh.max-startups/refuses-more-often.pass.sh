# The middle number is how many of a hundred are refused: more is stricter.
rm -f /etc/ssh/sshd_config.d/*
echo 'MaxStartups 10:70:60' >/etc/ssh/sshd_config.d/00-x.conf
