echo 'Dilarang masuk.' >/etc/peringatan
rm -f /etc/motd
ln -s peringatan /etc/motd
