# sudo passes over names with a dot or a ~ at the end.
rm -f /etc/sudoers.d/*
for f in budi.bak budi~; do
  echo 'budi ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$f
  chmod 440 /etc/sudoers.d/$f
done
