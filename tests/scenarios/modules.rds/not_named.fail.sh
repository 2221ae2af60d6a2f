#!/bin/sh
rm -rf /etc/modprobe.d/* /usr/lib/modprobe.d/* /lib/modprobe.d/*
