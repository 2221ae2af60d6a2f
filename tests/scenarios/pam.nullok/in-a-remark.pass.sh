sed -i 's/ nullok/ # nullok/' /etc/pam.d/*
