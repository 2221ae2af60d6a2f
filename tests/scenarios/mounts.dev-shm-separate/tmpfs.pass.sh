#!/bin/sh
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
