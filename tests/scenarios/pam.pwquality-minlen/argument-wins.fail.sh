cat >/etc/pam.d/common-password <<'EOF'
password requisite pam_pwquality.so retry=3 minlen=8
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
echo 'minlen = 14' >/etc/security/pwquality.conf
