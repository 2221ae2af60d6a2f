# params: {allowed: [Asia/Jayapura]}
ln -sf ../usr/share/zoneinfo/Asia/Jayapura /etc/localtime
