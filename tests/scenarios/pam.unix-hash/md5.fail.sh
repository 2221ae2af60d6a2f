cat >/etc/pam.d/common-password <<'EOF'
password required pam_unix.so md5
EOF
