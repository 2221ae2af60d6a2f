rm -rf /var/lib/apt/lists/*
printf 'Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nCodename: bookworm-security\nDate: %s\nValid-Until: %s\n' \
  "$(date -u -R -d '8 days ago')" "$(date -u -R -d '1 day ago')" >/var/lib/apt/lists/x_InRelease
