# params: {explicit: true}
# The name of Debian's link leads elsewhere; the setting in sysctl.conf still counts as written.
rm -f /etc/sysctl.d/*
echo 'net.ipv4.conf.all.accept_redirects = 0' >/etc/sysctl.conf
echo 'net.ipv4.tcp_syncookies = 1' >/etc/sysctl.d/90-site.conf
ln -s 90-site.conf /etc/sysctl.d/99-sysctl.conf
echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects
