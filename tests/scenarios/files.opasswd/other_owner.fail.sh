#!/bin/sh
touch '/etc/security/opasswd'
chmod 0600 '/etc/security/opasswd'
chown 12345:0 '/etc/security/opasswd'
