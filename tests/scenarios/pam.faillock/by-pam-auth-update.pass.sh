# The tool itself writes the stacks.
cat >/usr/share/pam-configs/faillock <<'EOF'
Name: Lock
Default: yes
Priority: 0
Auth-Type: Primary
Auth:
	[default=die] pam_faillock.so authfail
EOF
cat >/usr/share/pam-configs/faillock_notify <<'EOF'
Name: Lock notice
Default: yes
Priority: 1024
Auth-Type: Primary
Auth:
	requisite pam_faillock.so preauth
Account-Type: Primary
Account:
	required pam_faillock.so
EOF
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable faillock faillock_notify
