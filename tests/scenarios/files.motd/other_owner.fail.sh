#!/bin/sh
touch '/etc/motd'
chmod 0644 '/etc/motd'
chown 12345:0 '/etc/motd'
