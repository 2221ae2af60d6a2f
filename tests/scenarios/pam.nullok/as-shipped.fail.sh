grep -q nullok /etc/pam.d/common-auth
