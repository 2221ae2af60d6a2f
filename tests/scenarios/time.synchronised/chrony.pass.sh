chronyd -x
sleep 0.1
