#!/bin/sh
touch '/etc/security/opasswd.old'
chmod 0600 '/etc/security/opasswd.old'
chown 12345:0 '/etc/security/opasswd.old'
