#!/bin/sh
touch '/etc/gshadow-'
chown root:root '/etc/gshadow-'
chmod 0660 '/etc/gshadow-'
