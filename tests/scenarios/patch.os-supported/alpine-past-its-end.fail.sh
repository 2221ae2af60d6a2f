printf 'ID=alpine\nVERSION_ID=3.20\nPRETTY_NAME="Alpine Linux"\n' >/etc/os-release
