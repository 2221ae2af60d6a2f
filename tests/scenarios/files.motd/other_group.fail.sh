#!/bin/sh
touch '/etc/motd'
chmod 0644 '/etc/motd'
chown 0:12345 '/etc/motd'
