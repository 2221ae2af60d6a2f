#!/bin/sh
touch '/etc/gshadow-'
chown root:root '/etc/gshadow-'
chmod 0400 '/etc/gshadow-'
