#!/bin/sh
touch '/etc/security/opasswd'
chown root:root '/etc/security/opasswd'
chmod 0400 '/etc/security/opasswd'
