#!/bin/sh
set -e
printf x >/usr/bin/dockerd
chmod 755 /usr/bin/dockerd
:
