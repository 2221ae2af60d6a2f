rm -f /run/reboot-required*
