#!/bin/sh
touch '/etc/issue.net'
chmod 0644 '/etc/issue.net'
chown 0:12345 '/etc/issue.net'
