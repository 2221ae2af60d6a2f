#!/bin/sh
set -e
systemctl disable rsyslog.service || true
rm -f /etc/systemd/system/*.wants/rsyslog.service /etc/systemd/system/syslog.service
