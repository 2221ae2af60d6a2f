cat >/etc/pam.d/common-password <<'EOF'
password required pam_unix.so
password requisite pam_pwquality.so
EOF
