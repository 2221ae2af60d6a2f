#!/bin/sh
mkdir -p /var/log
mount -t tmpfs tmpfs /var/log
