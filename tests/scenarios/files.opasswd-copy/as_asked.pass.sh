#!/bin/sh
touch '/etc/security/opasswd.old'
chown root:root '/etc/security/opasswd.old'
chmod 0600 '/etc/security/opasswd.old'
