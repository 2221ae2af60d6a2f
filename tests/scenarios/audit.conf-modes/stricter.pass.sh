#!/bin/sh
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
for f in auditd.conf audit.rules rules.d/a.rules; do printf x >/etc/audit/$f; done
chmod 0640 /etc/audit/*.* /etc/audit/rules.d/*
chown -R root:root /etc/audit
chmod 0600 /etc/audit/auditd.conf
