rm -f /etc/apt/apt.conf.d/* /usr/bin/unattended-upgrade
printf 'APT::Periodic::Unattended-Upgrade "1";\n' >/etc/apt/apt.conf.d/20auto-upgrades
