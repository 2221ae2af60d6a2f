#!/bin/sh
# packages: nfs-kernel-server
