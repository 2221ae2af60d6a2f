#!/bin/sh
# packages: xserver-common
