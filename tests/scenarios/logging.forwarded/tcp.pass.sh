echo '*.* @@10.0.0.5:514' >/etc/rsyslog.d/90-kirim.conf
