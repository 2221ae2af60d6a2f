cat >/etc/pam.d/common-password <<'EOF'
password optional pam_pwquality.so
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
