#!/bin/sh
# packages: aide
set -e
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n' >/usr/lib/systemd/system/dailyaidecheck.timer
mkdir -p /usr/lib/systemd/system
printf '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n' >/usr/lib/systemd/system/dailyaidecheck.service
systemctl enable dailyaidecheck.timer
systemctl mask dailyaidecheck.service
rm -f /etc/cron.daily/aide
