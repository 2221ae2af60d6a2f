#!/bin/sh
# packages: cups-daemon
