sleep 300 </dev/null >/dev/null 2>&1 &
