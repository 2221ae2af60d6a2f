# A backslash joins lines.
printf 'budi ALL=(ALL) \\\n  NOPASSWD: ALL\n' >/etc/sudoers.d/budi
chmod 440 /etc/sudoers.d/budi
