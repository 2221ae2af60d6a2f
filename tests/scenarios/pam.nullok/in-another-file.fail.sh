sed -i 's/ nullok//' /etc/pam.d/*
echo 'auth required pam_unix.so nullok' >/etc/pam.d/tamu
