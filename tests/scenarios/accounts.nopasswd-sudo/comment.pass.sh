# A comment is no rule, nor is what stands behind one.
rm -f /etc/sudoers.d/*
printf '# budi ALL=(ALL) NOPASSWD: ALL\nDefaults env_reset # NOPASSWD: ALL\n' >/etc/sudoers.d/catatan
chmod 440 /etc/sudoers.d/catatan
