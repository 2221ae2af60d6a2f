rsyslogd
sleep 0.1
