#!/bin/sh
# packages: nfs-utils
