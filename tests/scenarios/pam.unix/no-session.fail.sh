sed -i '/pam_unix/d' /etc/pam.d/common-session
