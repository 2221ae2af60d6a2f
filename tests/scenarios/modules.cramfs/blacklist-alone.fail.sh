# A blacklist hides aliases only: by its name the module is still loaded.
mkdir -p /etc/modprobe.d
rm -rf /etc/modprobe.d/*
echo 'blacklist cramfs' >/etc/modprobe.d/cramfs.conf
