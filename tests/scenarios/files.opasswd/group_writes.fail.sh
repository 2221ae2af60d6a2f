#!/bin/sh
touch '/etc/security/opasswd'
chown root:root '/etc/security/opasswd'
chmod 0620 '/etc/security/opasswd'
