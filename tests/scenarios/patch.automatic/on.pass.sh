rm -f /etc/apt/apt.conf.d/*
printf 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' >/etc/apt/apt.conf.d/20auto-upgrades
printf '#!/bin/sh\n' >/usr/bin/unattended-upgrade
chmod 755 /usr/bin/unattended-upgrade
