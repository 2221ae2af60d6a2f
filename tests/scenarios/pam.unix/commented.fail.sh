sed -i 's/^auth.*pam_unix/#&/' /etc/pam.d/common-auth
