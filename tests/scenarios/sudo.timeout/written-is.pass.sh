# params: {explicit: true}
rm -f /etc/sudoers.d/*
printf 'root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n' >/etc/sudoers
cat >>/etc/sudoers.d/x <<'EOF'
Defaults timestamp_timeout=10
EOF
