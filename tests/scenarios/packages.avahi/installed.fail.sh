#!/bin/sh
# packages: avahi-daemon
