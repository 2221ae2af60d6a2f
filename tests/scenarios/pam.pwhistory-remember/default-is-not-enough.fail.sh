# params: {least: 5, explicit: true}
rm -f /etc/security/pwhistory.conf
sed -i '1i password requisite pam_pwhistory.so use_authtok' /etc/pam.d/common-password
