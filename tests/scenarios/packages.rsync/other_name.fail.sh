#!/bin/sh
# packages: rsync-daemon
