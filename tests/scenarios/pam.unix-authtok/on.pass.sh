cat >/etc/pam.d/common-password <<'EOF'
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
