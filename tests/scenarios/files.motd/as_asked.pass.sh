#!/bin/sh
touch '/etc/motd'
chown root:root '/etc/motd'
chmod 0644 '/etc/motd'
