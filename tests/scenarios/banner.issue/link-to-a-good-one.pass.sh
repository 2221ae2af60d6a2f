echo 'Dilarang masuk.' >/etc/peringatan
rm -f /etc/issue
ln -s peringatan /etc/issue
