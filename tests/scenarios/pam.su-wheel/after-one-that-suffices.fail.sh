printf 'auth sufficient pam_unix.so\nauth required pam_wheel.so use_uid group=sugroup\n' >/etc/pam.d/su
