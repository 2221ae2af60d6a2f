#!/bin/sh
touch '/etc/security/opasswd'
chmod 0600 '/etc/security/opasswd'
chown 0:12345 '/etc/security/opasswd'
