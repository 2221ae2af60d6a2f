#!/bin/sh
mkdir -p /var/tmp
mount -t tmpfs tmpfs /var/tmp
