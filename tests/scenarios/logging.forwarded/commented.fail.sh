printf '#*.* @@10.0.0.5:514\n' >/etc/rsyslog.d/90-kirim.conf
