#!/bin/sh
rm -f '/etc/security/opasswd.old'
