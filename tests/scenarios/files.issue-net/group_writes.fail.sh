#!/bin/sh
touch '/etc/issue.net'
chown root:root '/etc/issue.net'
chmod 0664 '/etc/issue.net'
