# params: {explicit: true}
cat >/etc/pam.d/common-auth <<'EOF'
auth requisite pam_faillock.so preauth
auth [success=2 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth requisite pam_deny.so
auth required pam_permit.so
EOF
echo 'account required pam_faillock.so' >>/etc/pam.d/common-account
printf '' >/etc/security/faillock.conf
