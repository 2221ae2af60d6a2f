#!/bin/sh
touch '/etc/gshadow'
chown root:root '/etc/gshadow'
chmod 0640 '/etc/gshadow'
