#!/bin/sh
rm -f '/etc/motd'
