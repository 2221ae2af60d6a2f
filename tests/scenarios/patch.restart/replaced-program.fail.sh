cp /usr/bin/sleep /opt/layanan
/opt/layanan 300 </dev/null >/dev/null 2>&1 &
sleep 0.2
rm /opt/layanan
