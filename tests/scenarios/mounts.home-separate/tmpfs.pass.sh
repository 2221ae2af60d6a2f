#!/bin/sh
mkdir -p /home
mount -t tmpfs tmpfs /home
