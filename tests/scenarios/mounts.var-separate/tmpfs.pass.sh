#!/bin/sh
mkdir -p /var
mount -t tmpfs tmpfs /var
