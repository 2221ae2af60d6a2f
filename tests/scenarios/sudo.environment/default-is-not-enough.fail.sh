# params: {explicit: true}
sed -i '/env_reset/d' /etc/sudoers
