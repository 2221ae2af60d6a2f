#!/bin/sh
touch '/etc/issue.net'
chown root:root '/etc/issue.net'
chmod 0400 '/etc/issue.net'
