echo '*** System restart required ***' >/run/reboot-required
echo libc6 >/run/reboot-required.pkgs
