#!/bin/sh
touch '/etc/issue.net'
chmod 0644 '/etc/issue.net'
chown 12345:0 '/etc/issue.net'
