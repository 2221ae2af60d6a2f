# params: {blacklist: true}
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
echo 'install cramfs /bin/false' >/etc/modprobe.d/cramfs.conf
