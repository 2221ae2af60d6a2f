#!/bin/sh
# packages: auditd
set -e
mkdir -p /var/log/audit
printf x >/var/log/audit/audit.log
printf x >/var/log/audit/audit.log.1
chmod 0640 /var/log/audit/*
chown root:adm /var/log/audit/*
chmod 0755 /var/log/audit
