#!/bin/sh
touch '/etc/security/opasswd.old'
chmod 0600 '/etc/security/opasswd.old'
chown 0:12345 '/etc/security/opasswd.old'
