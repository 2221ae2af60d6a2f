sed -i 's/ nullok//' /etc/pam.d/*
printf 'auth required pam_unix.so \\\n  nullok\n' >/etc/pam.d/tamu
