mkdir -p /usr/local/bin /usr/local/sbin /usr/local/games
