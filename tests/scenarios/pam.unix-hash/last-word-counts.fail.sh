cat >/etc/pam.d/common-password <<'EOF'
password required pam_unix.so yescrypt md5
EOF
