cat >/etc/pam.d/common-password <<'EOF'
password required pam_unix.so remember=5 yescrypt
EOF
