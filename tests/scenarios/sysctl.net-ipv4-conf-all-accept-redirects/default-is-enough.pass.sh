rm -f /etc/sysctl.d/* /usr/lib/sysctl.d/* /etc/sysctl.conf
echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects
