#!/bin/sh
# packages: apparmor, apparmor-utils
