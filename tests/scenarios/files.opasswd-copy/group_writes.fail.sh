#!/bin/sh
touch '/etc/security/opasswd.old'
chown root:root '/etc/security/opasswd.old'
chmod 0620 '/etc/security/opasswd.old'
