rm -rf /var/lib/apt/lists/*
printf 'Label: Debian-Security\nCodename: bookworm-security\nDate: %s\n' "$(date -u -R -d '40 days ago')" >/var/lib/apt/lists/x_InRelease
printf 'Label: Debian\nCodename: bookworm\nDate: %s\n' "$(date -u -R)" >/var/lib/apt/lists/y_InRelease
