cat >/etc/pam.d/common-auth <<'EOF'
auth requisite pam_faillock.so preauth unlock_time=60
auth [success=2 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail unlock_time=60
auth requisite pam_deny.so
auth required pam_permit.so
EOF
echo 'account required pam_faillock.so' >>/etc/pam.d/common-account
printf 'unlock_time = 900\n' >/etc/security/faillock.conf
