sed -i '/pam_wheel/d' /etc/pam.d/su
echo '# auth required pam_wheel.so use_uid group=sugroup' >>/etc/pam.d/su
