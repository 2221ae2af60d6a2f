grep -q bookworm /etc/os-release
