#!/bin/sh
set -e
rm -rf /boot/grub
