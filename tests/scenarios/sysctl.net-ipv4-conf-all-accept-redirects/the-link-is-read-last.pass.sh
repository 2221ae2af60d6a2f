rm -f /etc/sysctl.d/*
echo 'net.ipv4.conf.all.accept_redirects = 0' >/etc/sysctl.conf
ln -s ../sysctl.conf /etc/sysctl.d/99-sysctl.conf
echo 'net.ipv4.conf.all.accept_redirects = 1' >/etc/sysctl.d/50-router.conf
echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects
