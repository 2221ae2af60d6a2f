#!/bin/sh
mkdir -p /tmp
mount -t tmpfs tmpfs /tmp
