# Without the file it is UTC.
rm /etc/localtime
