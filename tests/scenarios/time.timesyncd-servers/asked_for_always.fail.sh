#!/bin/sh
# params: {always: true}
set -e
systemctl disable chrony.service systemd-timesyncd.service || true
rm -f /etc/systemd/system/*.wants/chrony.service /etc/systemd/system/*.wants/systemd-timesyncd.service
rm -rf /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d
