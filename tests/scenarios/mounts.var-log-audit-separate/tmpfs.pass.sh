#!/bin/sh
mkdir -p /var/log/audit
mount -t tmpfs tmpfs /var/log/audit
