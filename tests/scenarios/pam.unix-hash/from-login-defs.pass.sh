cat >/etc/pam.d/common-password <<'EOF'
password required pam_unix.so
EOF
sed -i '/^ENCRYPT_METHOD/d' /etc/login.defs
echo 'ENCRYPT_METHOD YESCRYPT' >>/etc/login.defs
