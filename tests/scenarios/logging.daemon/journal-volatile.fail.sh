# The drop-in has the last word.
mkdir -p /var/log/journal /etc/systemd/journald.conf.d
echo 'Storage=persistent' >>/etc/systemd/journald.conf
printf '[Journal]\nStorage=volatile\n' >/etc/systemd/journald.conf.d/10-x.conf
cp /bin/sleep /usr/bin/systemd-journal
/usr/bin/systemd-journal 60 &
