#!/bin/sh
touch '/etc/issue.net'
chown root:root '/etc/issue.net'
chmod 0644 '/etc/issue.net'
