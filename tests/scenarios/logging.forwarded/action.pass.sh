echo 'action(type="omfwd" target="log.batu.lab" port="514" protocol="tcp")' >/etc/rsyslog.d/90-kirim.conf
