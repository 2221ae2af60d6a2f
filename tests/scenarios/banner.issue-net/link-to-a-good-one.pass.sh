echo 'Dilarang masuk.' >/etc/peringatan
rm -f /etc/issue.net
ln -s peringatan /etc/issue.net
