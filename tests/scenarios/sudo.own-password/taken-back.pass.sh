rm -f /etc/sudoers.d/*
printf 'root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n' >/etc/sudoers
cat >>/etc/sudoers.d/x <<'EOF'
Defaults targetpw
EOF
cat >>/etc/sudoers.d/y <<'EOF'
Defaults !targetpw
EOF
