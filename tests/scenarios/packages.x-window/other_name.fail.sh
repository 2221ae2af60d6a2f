#!/bin/sh
# packages: xorg-x11-server-common
