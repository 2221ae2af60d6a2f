rm -f /etc/apt/apt.conf.d/*
printf 'APT::Periodic::Unattended-Upgrade "1";\n' >/etc/apt/apt.conf.d/20auto-upgrades
printf 'APT::Periodic::Enable "0";\n' >/etc/apt/apt.conf.d/99lokal
printf '#!/bin/sh\n' >/usr/bin/unattended-upgrade
chmod 755 /usr/bin/unattended-upgrade
