cat >/etc/pam.d/common-password <<'EOF'
password requisite pam_pwhistory.so
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
