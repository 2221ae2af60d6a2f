#!/bin/sh
touch '/etc/passwd-'
chmod 0644 '/etc/passwd-'
chown 0:12345 '/etc/passwd-'
