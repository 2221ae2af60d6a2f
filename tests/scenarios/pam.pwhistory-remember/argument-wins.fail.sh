cat >/etc/pam.d/common-password <<'EOF'
password requisite pam_pwhistory.so remember=5 use_authtok
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
echo 'remember = 24' >/etc/security/pwhistory.conf
