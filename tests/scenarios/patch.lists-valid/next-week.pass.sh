rm -rf /var/lib/apt/lists/*
printf 'Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nCodename: bookworm-security\nDate: %s\nValid-Until: %s\n' \
  "$(date -u -R)" "$(date -u -R -d '7 days')" >/var/lib/apt/lists/x_InRelease
